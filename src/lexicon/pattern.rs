//! Texts that people look for: a part of a text, or a text with gaps.

/// True if `text` is what `pattern` asks for. Without a `*` the pattern is a part of the text; with one it is the whole, and
/// each `*` stands for anything. Both are in small letters already.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return text.contains(pattern);
    };
    let Some(mut text) = text.strip_prefix(head) else {
        return false;
    };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    // the first place of each part leaves most room for those that follow
    for part in middle.split('*') {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(tail)
}

/// A folder name for `tag` that is the same for all spellings with spaces, hyphens and underscores: its ASCII letters and
/// digits, and, where there was more to it ("c++", "日本語"), a few digits of its hash.
#[must_use]
pub fn slug(tag: &str) -> String {
    let mut slug = String::new();
    let mut is_whole = true;
    for c in tag.chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => slug.push(c),
            ' ' | '-' | '_' => {
                if !slug.is_empty() && !slug.ends_with('-') {
                    slug.push('-');
                }
            }
            _ => is_whole = false,
        }
    }
    let kept = slug.trim_end_matches('-').len();
    slug.truncate(kept);
    if is_whole && !slug.is_empty() {
        return slug;
    }
    let hash = blake3::hash(tag.as_bytes()).to_hex();
    if slug.is_empty() {
        hash[..12].to_owned()
    } else {
        format!("{slug}-{}", &hash[..8])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_plain_pattern_is_a_part_and_one_with_stars_the_whole() {
        for (pattern, text, expected) in [
            ("rust", "why rust?", true),
            ("rust", "ruts", false),
            ("", "anything", true),
            ("rust*", "rust 1.95", true),
            ("rust*", "why rust?", false),
            ("*rust", "why rust", true),
            ("*/jobs/*", "https://a.example/jobs/1", true),
            ("*/jobs/*", "https://a.example/jobs", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("a*a", "a", false),
            ("*", "", true),
            ("**", "x", true),
            ("è*", "è vero", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} in {text}");
        }
    }

    #[test]
    fn tags_make_folder_names_and_spellings_of_one_tag_the_same() {
        for tag in ["machine learning", "machine-learning", "Machine_Learning "] {
            assert_eq!(slug(tag), "machine-learning");
        }
        let others: Vec<String> = ["c", "c++", "c#", "日本語", "日本", "-", "--"]
            .map(slug)
            .to_vec();
        for (at, name) in others.iter().enumerate() {
            assert!(!others[..at].contains(name), "{others:?}");
        }
    }

    proptest! {
        #[test]
        fn every_folder_name_is_a_plain_one(tag in any::<String>()) {
            let name = slug(&tag);
            prop_assert!(!name.is_empty());
            prop_assert!(name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')), "{}", name);
        }

        #[test]
        fn a_pattern_made_of_a_text_matches_it(text in any::<String>(), cut in any::<prop::sample::Index>()) {
            let text = text.replace('*', "");
            let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (head, tail) = text.split_at(cuts[cut.index(cuts.len())]);
            let pattern = format!("{head}*{tail}");
            prop_assert!(matches(&pattern, &text));
        }
    }
}
