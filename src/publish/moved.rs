//! A document that was made for another address, at the one that it has now.

use quick_xml::escape::escape;
use url::Url;

use super::format::Format;
use super::hygiene::without_userinfo;

/// The document `body`, a page of an archive that was made for the folder at `from`, as it is in the folder at `to`: what it
/// says of itself leads there, and not a byte of its entries is another one. `None` if it does not say where it is.
#[must_use]
pub fn readdress(body: &str, format: Format, from: &Url, to: &Url) -> Option<String> {
    let (entries, own): (&str, &[&str]) = match format {
        Format::Atom => ("\n <entry>", &[" <link href=\""]),
        Format::Json => (
            "\n  \"items\": [",
            &[
                "  \"home_page_url\": \"",
                "  \"feed_url\": \"",
                "  \"next_url\": \"",
            ],
        ),
        Format::Rss | Format::Html => return None,
    };
    let spelt = |url: &Url| match format {
        Format::Atom => escape(url.as_str()).into_owned(),
        _ => url.to_string(),
    };
    let [from, to] = [from, to].map(without_userinfo);
    let [old, new] = [&from, &to].map(spelt);
    let [old_folder, new_folder] =
        [&from, &to].map(|it| spelt(&it.join(".").unwrap_or(it.clone())));
    let (head, rest) = body.split_at(body.find(entries).unwrap_or(body.len()));
    let mut moved = String::with_capacity(body.len() + 256);
    let mut is_moved = false;
    for line in head.split_inclusive('\n') {
        let address = own
            .iter()
            .find_map(|key| Some((*key, line.strip_prefix(key)?)));
        let there = address.and_then(|(key, address)| {
            let (address, rest) = address.split_once('"')?;
            let name = address.strip_prefix(&*old_folder);
            let there = if address == old {
                new.clone()
            } else {
                format!("{new_folder}{}", name?)
            };
            Some(format!("{key}{there}\"{rest}"))
        });
        is_moved |= there.is_some();
        moved.push_str(there.as_deref().unwrap_or(line));
    }
    moved.push_str(rest);
    is_moved.then_some(moved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Paging;
    use crate::publish::{render, sample};

    #[test]
    fn a_page_at_another_address_is_what_it_would_be_if_it_were_made_there() {
        let mut feed = sample::rich();
        feed.paging = Paging {
            page: Some(2),
            is_closed: true,
            older: Some(1),
            newer: Some(3),
        };
        let from = feed.definition.url.clone();
        let to: Url = "https://other.example/planet/?a&b".parse().unwrap();
        for format in [Format::Atom, Format::Json] {
            feed.definition.url = from.clone();
            let before = render(&feed, format).body;
            feed.definition.url = to.clone();
            let after = render(&feed, format).body;
            let before = str::from_utf8(&before).unwrap();
            let moved = readdress(before, format, &from, &to).unwrap();
            assert_eq!(moved.as_bytes(), after, "{format:?}");
            assert_eq!(readdress(&moved, format, &to, &from).unwrap(), before);
            assert_eq!(readdress(before, format, &to, &from), None);
        }
    }
}
