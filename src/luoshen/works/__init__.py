"""What a work is; readers for the formats that people have."""
