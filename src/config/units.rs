//! Spans of time and sizes as people write them in `feeds.toml`: `30s`, `5 minutes`, `10 MB`.

use std::time::Duration;

/// A span of time: a number and `ms`, `s`, `m`, `h` or `d` (or the word written out), as in `30s` or `5 minutes`.
///
/// # Errors
/// What `text` is not, in words.
pub fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let millis = match unit {
        "ms" | "millisecond" | "milliseconds" => 1,
        "s" | "sec" | "second" | "seconds" => 1_000,
        "m" | "min" | "minute" | "minutes" => 60_000,
        "h" | "hour" | "hours" => 3_600_000,
        "d" | "day" | "days" => 86_400_000,
        _ => return Err(format!("`{text}` is no span of time")),
    };
    number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(millis))
        .map(Duration::from_millis)
        .ok_or_else(|| format!("`{text}` is no span of time"))
}

/// A size in bytes: a number and `B`, `kB`, `MB`, `GB` (powers of 1000).
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let (number, unit) = split(text);
    let factor = match unit.to_ascii_lowercase().as_str() {
        "b" | "bytes" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return Err(format!("`{text}` is no size")),
    };
    number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(factor))
        .ok_or_else(|| format!("`{text}` is no size"))
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let at = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    (&text[..at], text[at..].trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_with_short_and_long_units() {
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("5 minutes"), Ok(Duration::from_mins(5)));
        assert_eq!(duration("250 ms"), Ok(Duration::from_millis(250)));
        for wrong in [
            "",
            "30",
            "s",
            "-1s",
            "1.5h",
            "30 parsecs",
            "99999999999999999999 d",
        ] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_are_powers_of_a_thousand() {
        assert_eq!(bytes("10 MB"), Ok(10_000_000));
        assert_eq!(bytes("512kB"), Ok(512_000));
        for wrong in ["", "10", "MB", "ten MB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
