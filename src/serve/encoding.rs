//! Whether a client would rather have gzip (RFC 9110 §12.5.3). Pure.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;

/// True if gzip is acceptable, and not less welcome than the plain bytes.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let (mut gzip, mut identity, mut any) = (None, None, None);
    let values = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    for coding in values.flat_map(|value| value.split(',')) {
        let (name, weight) = weighted(coding);
        match name.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => gzip = Some(weight),
            "identity" => identity = Some(weight),
            "*" => any = Some(weight),
            _ => {}
        }
    }
    // the plain bytes are acceptable unless refused, but welcome only where they are named
    let gzip = gzip.or(any).unwrap_or(0);
    gzip > 0 && gzip >= identity.unwrap_or(0)
}

/// A coding and its weight in thousandths; a weight that is none refuses.
fn weighted(coding: &str) -> (&str, u32) {
    let mut parts = coding.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = parts.find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    (name, weight.map_or(1000, thousandths))
}

/// `0.25` → 250; at most three digits after the point count.
fn thousandths(weight: &str) -> u32 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return 0;
    }
    let fraction: u32 = format!("{fraction:0<3}")[..3].parse().unwrap_or(0);
    match whole {
        "0" => fraction,
        "1" => 1000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_those_who_want_it() {
        for (value, expected) in [
            ("gzip", true),
            ("GZIP, deflate, br", true),
            ("x-gzip;q=0.5", true),
            ("br, *", true),
            ("br;q=1.0, gzip;q=0.8, *;q=0.1", true),
            ("gzip;q=0", false),
            ("gzip;q=0.000, *", false),
            ("*;q=0", false),
            ("br", false),
            ("identity", false),
            ("", false),
            ("gzip;q=0.2, identity;q=0.5", false),
            ("gzip;q=0.5, identity;q=0.5", true),
            ("identity;q=0, gzip; q = 0.001", true),
            ("gzip;q=high", false),
            ("gzip;q=é", false),
        ] {
            let mut headers = HeaderMap::new();
            let value_bytes = axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.insert(ACCEPT_ENCODING, value_bytes);
            assert_eq!(takes_gzip(&headers), expected, "{value}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
