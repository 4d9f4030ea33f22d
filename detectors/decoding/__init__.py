"""What is encoded or packed inside a content: base64, escapes, archives. docs/decoding.md."""
