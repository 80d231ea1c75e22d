"""The talk with a hosted model over HTTP: one question, one answer, and what each failure means."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from luoshen.errors import HostedError, InputError

URL_SETTING, MODEL_SETTING, KEY_SETTING = "LUOSHEN_HOSTED_URL", "LUOSHEN_HOSTED_MODEL", "LUOSHEN_HOSTED_KEY"
_LARGEST_REPLY = 1_000_000


@dataclass
class Cost:
    """What the readings of one reader took. Prices are per million tokens, in whatever currency they were given."""

    requests: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    price_in: float | None = None
    price_out: float | None = None

    @property
    def price(self) -> float | None:
        """The price so far, or None if no price was given."""
        if self.price_in is None and self.price_out is None:
            return None
        return (self.tokens_in * (self.price_in or 0.0) + self.tokens_out * (self.price_out or 0.0)) / 1_000_000

    def __str__(self) -> str:
        price = "" if self.price is None else f"; price {self.price:.4f}"
        price_zh = "" if self.price is None else f"；费用{self.price:.4f}"
        return (
            f"{self.requests} requests, {self.cached} answers from the cache; "
            f"{self.tokens_in:,} tokens in, {self.tokens_out:,} out{price}"
            f" · 请求{self.requests}次，缓存命中{self.cached}次；"
            f"输入{self.tokens_in:,}词元，输出{self.tokens_out:,}词元{price_zh}"
        )


class PassingError(Exception):
    """A failure that may pass: worth another try, after ``pause`` seconds if the server says so."""

    def __init__(self, message: str, pause: float = 0.0) -> None:
        super().__init__(message)
        self.pause = pause


class ChatClient:
    """One model behind one address. The key goes into the request's header and nowhere else."""

    def __init__(self, base_url: str, model: str, key: str, timeout: float, cost: Cost) -> None:
        """``timeout`` is in seconds; ``cost`` is added to.

        Raises :class:`InputError` for an address or a key that cannot be one.
        """
        self.base_url = checked_address(base_url)
        self.model = model
        self.cost = cost
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise InputError(
                f"the API key holds characters that no key has; set {KEY_SETTING} again"
                " · API 密钥含有非法字符，请重新设置"
            )
        self._key = key
        self._timeout = timeout
        self._json_mode = True
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self._client = httpx.Client(timeout=timeout, follow_redirects=False, headers=headers)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def complete(self, messages: list[dict[str, str]]) -> str:
        """The model's words. Raises ``PassingError`` for what may pass, :class:`HostedError` for what will not."""
        status, retry_after, body = self._post(messages)
        if status in (400, 422) and self._json_mode:
            # Some servers do not know the JSON mode: ask without it, from now on if that is what helps.
            self._json_mode = False
            status, retry_after, body = self._post(messages)
            self._json_mode = status in (400, 422)
        said = self._said(body)
        if status in (408, 425, 429) or status >= 500:
            raise PassingError(f"HTTP {status} {said}".strip(), _pause(retry_after))
        if status != 200:
            raise HostedError(f"{self.base_url}: HTTP {status} {said}".strip() + "; " + _remedy(status))
        try:
            reply = json.loads(body)
            content = reply["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError, RecursionError):
            raise HostedError(
                f"{self.base_url} does not answer like a chat endpoint {said}; check {URL_SETTING}, which most"
                " often ends in /v1 · 该地址不是兼容的对话接口，请检查网址"
            ) from None
        self._count(reply.get("usage"))
        return self._without_key(content) if isinstance(content, str) else ""

    def _post(self, messages: list[dict[str, str]]) -> tuple[int, str, str]:
        """Status, ``Retry-After`` and body of one request."""
        payload: dict[str, Any] = {"model": self.model, "messages": messages, "temperature": 0, "stream": False}
        if self._json_mode:
            payload["response_format"] = {"type": "json_object"}
        self.cost.requests += 1
        deadline = time.monotonic() + self._timeout
        body = bytearray()
        try:
            with self._client.stream(
                "POST", f"{self.base_url}/chat/completions", content=json.dumps(payload).encode()
            ) as response:
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > _LARGEST_REPLY:
                        raise HostedError(
                            f"{self.base_url}: the reply is larger than {_LARGEST_REPLY:,} bytes, which no reading is;"
                            f" check {URL_SETTING} · 答复过大，请检查网址"
                        )
                    if time.monotonic() > deadline:
                        raise PassingError(f"no complete reply within {self._timeout:g} s · 超时")
                retry_after = response.headers.get("Retry-After", "")
                status = response.status_code
        except httpx.TimeoutException:
            raise PassingError(f"no reply within {self._timeout:g} s · 超时") from None
        except httpx.RequestError as error:
            raise PassingError(f"{type(error).__name__}: {error} · 连接失败") from None
        return status, retry_after, body.decode("utf-8", "replace")

    def _without_key(self, text: str) -> str:
        # A server may repeat the key, and it must not get into a message or a file. Those of local servers, such as
        # "ollama" or "1", are no secrets, and taking them out would garble the text.
        return text.replace(self._key, "***") if len(self._key) > 7 else text

    def _said(self, body: str) -> str:
        """The server's own words, short and on one line, in brackets."""
        try:
            error = json.loads(body)["error"]
            body = error["message"] if isinstance(error, dict) else error
        except (ValueError, LookupError, TypeError, RecursionError):
            pass
        words = "".join(filter(str.isprintable, " ".join(str(body).split())))
        return f"({self._without_key(words)[:300]})" if words else ""

    def _count(self, usage: Any) -> None:
        if isinstance(usage, dict):
            for name, tokens in (("tokens_in", "prompt_tokens"), ("tokens_out", "completion_tokens")):
                if isinstance(usage.get(tokens), int):
                    setattr(self.cost, name, getattr(self.cost, name) + max(0, usage[tokens]))


def checked_address(base_url: str) -> str:
    """``base_url`` without what is not part of it. Raises :class:`InputError` if it is no web address."""
    try:
        url = httpx.URL(base_url.strip())
    except httpx.InvalidURL as error:
        raise InputError(f"the address of the hosted model: {error}; set {URL_SETTING} · 网址无效") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise InputError(
            f"the address of the hosted model must start with http:// or https://; set {URL_SETTING}"
            " · 网址须以 http:// 或 https:// 开头"
        )
    if url.userinfo or url.query or url.fragment:
        raise InputError(
            f"the address of the hosted model may hold no user name, key or query; give the key by {KEY_SETTING}"
            " · 网址中不可含用户名、密钥或查询串"
        )
    return str(url).rstrip("/").removesuffix("/chat/completions")


def _remedy(status: int) -> str:
    if 300 <= status < 400:
        return f"it redirects elsewhere, which is not followed; set {URL_SETTING} to the final address · 请改用最终网址"
    return {
        401: f"the key was refused or is missing; set {KEY_SETTING} · 密钥缺失或无效",
        402: "the account has no balance left · 账户余额不足",
        403: f"the key may not use this model; set {KEY_SETTING} or {MODEL_SETTING} · 密钥无权使用该模型",
        404: f"no such model or path; check {MODEL_SETTING}, and that {URL_SETTING} ends as the provider says (most"
        " often /v1) · 模型或路径不存在",
    }.get(status, f"check {URL_SETTING} and {MODEL_SETTING} · 请检查网址与模型名")


def _pause(retry_after: str) -> float:
    """Seconds that a ``Retry-After`` header asks for: a number, or a date."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        then = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return 0.0
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
