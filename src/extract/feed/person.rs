//! People as RSS writes them: a name, an e-mail address, or both in one text.

use crate::model::RawPerson;

/// Reads `jo@blog.example (Jo Doe)`, `Jo Doe <jo@blog.example>`, an address alone or a name alone.
pub(super) fn read(text: &str) -> RawPerson {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((before, email, after)) = around_email(&text) else {
        return RawPerson {
            name: text,
            ..RawPerson::default()
        };
    };
    let before = before.trim_end_matches("mailto:");
    let opened = before.trim_end().ends_with(['(', '<', '[', '（']);
    let name = if opened {
        let before = before.trim_end().trim_end_matches(['(', '<', '[', '（']);
        let after = after.trim_start().trim_start_matches([')', '>', ']', '）']);
        format!("{} {}", before.trim(), after.trim())
    } else {
        format!("{} {}", before.trim(), after.trim())
    };
    let edges = |c: char| c.is_whitespace() || ",;:-\"".contains(c);
    let name = name.trim_matches(edges);
    let name = name
        .strip_prefix('(')
        .and_then(|name| name.strip_suffix(')'))
        .unwrap_or(name);
    let named = name.chars().any(char::is_alphanumeric);
    RawPerson {
        name: if named {
            name.trim().to_owned()
        } else {
            String::new()
        },
        url: None,
        email: Some(email.to_owned()),
    }
}

/// The first e-mail address in `text`, with what stands on either side.
fn around_email(text: &str) -> Option<(&str, &str, &str)> {
    text.match_indices('@').find_map(|(at, _)| {
        let user = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
        let host = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
        let start = text[..at]
            .rfind(|c| !user(c))
            .map_or(0, |before| text.ceil_char_boundary(before + 1));
        let rest = &text[at + 1..];
        let end = at + 1 + rest.find(|c| !host(c)).unwrap_or(rest.len());
        let (name, domain) = (&text[start..at], text[at + 1..end].trim_end_matches('.'));
        let end = at + 1 + domain.len();
        (!name.is_empty() && domain.contains('.') && !domain.starts_with('.'))
            .then(|| (&text[..start], &text[start..end], &text[end..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_told_apart() {
        for (text, name, email) in [
            (
                "jo@blog.example (Jo Doe)",
                "Jo Doe",
                Some("jo@blog.example"),
            ),
            (
                "Jo Doe <jo@blog.example>",
                "Jo Doe",
                Some("jo@blog.example"),
            ),
            ("jo@blog.example", "", Some("jo@blog.example")),
            (" Jo\n Doe ", "Jo Doe", None),
            ("Jo Doe (staff)", "Jo Doe (staff)", None),
            ("乔（jo@blog.example）", "乔", Some("jo@blog.example")),
            ("« jo@blog.example »", "", Some("jo@blog.example")),
            ("@jo", "@jo", None),
        ] {
            let person = read(text);
            assert_eq!(
                (person.name.as_str(), person.email.as_deref()),
                (name, email),
                "{text}"
            );
        }
    }
}
