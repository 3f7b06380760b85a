//! Language tags (BCP 47).

/// Longer ones are no tags, whatever their beginning.
const MAX_BYTES: usize = 64;

/// `written` in the form that RFC 5646 §2.1.1 recommends (`en_us` → `en-US`); `None` if it is no tag or says nothing.
pub(super) fn tag(written: &str) -> Option<String> {
    let written = written
        .get(..MAX_BYTES)
        .unwrap_or(written)
        .trim()
        .replace('_', "-");
    let mut parts = written.split('-');
    let language = parts.next()?.to_ascii_lowercase();
    let is_language =
        (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase());
    if !is_language || matches!(language.as_str(), "und" | "mul" | "zxx") {
        return None;
    }
    let mut tag = language;
    let mut in_extension = false;
    for part in parts.take(6) {
        if !(1..=8).contains(&part.len()) || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        in_extension |= part.len() == 1;
        tag.push('-');
        let is_alphabetic = part.bytes().all(|b| b.is_ascii_alphabetic());
        match part.len() {
            2 if is_alphabetic && !in_extension => tag.push_str(&part.to_ascii_uppercase()),
            4 if is_alphabetic && !in_extension => {
                tag.push_str(&part[..1].to_ascii_uppercase());
                tag.push_str(&part[1..].to_ascii_lowercase());
            }
            _ => tag.push_str(&part.to_ascii_lowercase()),
        }
    }
    (!ends_in_singleton(&tag)).then_some(tag)
}

fn ends_in_singleton(tag: &str) -> bool {
    tag.rsplit('-').next().is_some_and(|part| part.len() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_take_their_usual_form() {
        for (written, expected) in [
            ("EN", "en"),
            (" en_us ", "en-US"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("de-1996", "de-1996"),
        ] {
            assert_eq!(tag(written).as_deref(), Some(expected), "{written}");
        }
    }

    #[test]
    fn what_is_no_tag_is_dropped() {
        for written in [
            "",
            "english",
            "e",
            "und",
            "en-",
            "en--us",
            "en us",
            "{{lang}}",
            "日本語",
            "en-x",
        ] {
            assert_eq!(tag(written), None, "{written}");
        }
    }
}
