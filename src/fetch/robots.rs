//! What a site's `robots.txt` lets us ask for (RFC 9309). Pure: text in, rules out; no clock, no network.
//!
//! The group that names us counts, else the one for everybody; groups that name the same agent are one. Of the rules that
//! fit a path the longest counts, and an `Allow` before a `Disallow` of the same length (§2.2.2). `Crawl-delay` is no part of
//! the RFC; whoever writes it means it, so it is read.

use std::time::Duration;

use url::Url;

/// The word that names us in a `User-agent` line (§2.2.1), as in our `User-Agent` header.
const PRODUCT: &str = "agg";
/// As much of the file is read (§2.5).
pub(super) const MAX_BYTES: usize = 500 * 1024;
/// The longest pause that is granted. A site that asks for more would have a daily page take hours.
const LONGEST_DELAY: Duration = Duration::from_mins(1);

/// What holds for us on one site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Robots {
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    /// Its number, from 1.
    line: usize,
    allows: bool,
    /// As it is compared: percent-encoded in one way.
    pattern: String,
    /// As it was written.
    written: String,
}

/// The rule that keeps us out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disallowed {
    /// The number of its line, from 1.
    pub line: usize,
    /// The line, without a comment.
    pub rule: String,
}

/// Which agents a group is for.
#[derive(Clone, Copy, Debug, Default)]
struct Names {
    us: bool,
    everybody: bool,
}

impl Robots {
    /// Reads a file, of which no more than the first 500 KiB count. Whatever is no rule means nothing.
    #[must_use]
    pub fn parse(file: &[u8]) -> Self {
        let file = &file[..file.len().min(MAX_BYTES)];
        let text = String::from_utf8_lossy(file);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let (mut ours, mut everybodys) = (Self::default(), Self::default());
        let mut names_us = false;
        let mut group = Names::default();
        // a group begins with its agents; the first rule ends them
        let mut begins = true;
        for (number, line) in (1..).zip(lines(text)) {
            let line = line.split('#').next().unwrap_or_default().trim();
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match key.as_str() {
                "user-agent" => {
                    if !begins {
                        group = Names::default();
                        begins = true;
                    }
                    group.everybody |= value == "*";
                    group.us |= is_us(value);
                    names_us |= group.us;
                }
                "allow" | "disallow" => {
                    begins = false;
                    // an empty one forbids and permits nothing
                    if value.is_empty() {
                        continue;
                    }
                    let rule = Rule {
                        line: number,
                        allows: key == "allow",
                        pattern: encoded(value, Part::Pattern),
                        written: line.to_owned(),
                    };
                    if group.us {
                        ours.rules.push(rule.clone());
                    }
                    if group.everybody {
                        everybodys.rules.push(rule);
                    }
                }
                "crawl-delay" => {
                    begins = false;
                    let delay = delay(value);
                    if group.us {
                        ours.delay = ours.delay.max(delay);
                    }
                    if group.everybody {
                        everybodys.delay = everybodys.delay.max(delay);
                    }
                }
                // a sitemap and the like belong to no group
                _ => {}
            }
        }
        if names_us { ours } else { everybodys }
    }

    /// Whether the page at `url` may be asked for.
    ///
    /// # Errors
    /// The rule that says that it may not.
    pub fn check(&self, url: &Url) -> Result<(), Disallowed> {
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let path = encoded(&path, Part::Address);
        if path == "/robots.txt" {
            return Ok(());
        }
        let fits = |rule: &&Rule| matches(&rule.pattern, &path);
        let rank = |rule: &&Rule| (rule.pattern.len(), rule.allows);
        match self.rules.iter().filter(fits).max_by_key(rank) {
            Some(rule) if !rule.allows => Err(Disallowed {
                line: rule.line,
                rule: rule.written.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// The pause that is wished for between two requests, at most a minute.
    #[must_use]
    pub fn delay(&self) -> Option<Duration> {
        self.delay
    }
}

/// The lines of a file that ends them with LF, CRLF or CR.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| {
        let line = line.strip_suffix('\r').unwrap_or(line);
        line.split('\r')
    })
}

/// True if a `User-agent` names us: our word in any case, and whatever does not belong to a word after it (`agg/1.0`).
fn is_us(value: &str) -> bool {
    let word = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-');
    let end = value.find(|c| !word(c)).unwrap_or(value.len());
    value[..end].eq_ignore_ascii_case(PRODUCT)
}

/// Seconds, whole or not.
fn delay(value: &str) -> Option<Duration> {
    let seconds: f32 = value.parse().ok()?;
    let span = Duration::try_from_secs_f32(seconds).unwrap_or(if seconds > 0.0 {
        LONGEST_DELAY
    } else {
        Duration::ZERO
    });
    Some(span.min(LONGEST_DELAY)).filter(|span| !span.is_zero())
}

/// What a text is to be compared with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A rule's: `*` and a `$` at the end have their meanings.
    Pattern,
    /// An address's: they mean themselves.
    Address,
}

/// A path or pattern with each octet written in one way (§2.2.2): those that may stand for themselves do, all others are
/// percent-encoded in upper case, and so are `*` and `$` where they mean themselves (§2.2.3).
fn encoded(text: &str, part: Part) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (byte, digit(at + 1), digit(at + 2)) {
            let octet = u8::try_from(high * 16 + low).unwrap_or_default();
            put(&mut out, octet, unreserved(octet));
            at += 3;
            continue;
        }
        let plain = match byte {
            b'*' => part == Part::Pattern,
            b'$' => part == Part::Pattern && at + 1 == bytes.len(),
            _ => unreserved(byte) || b"%:/?#[]@!&'()+,;=".contains(&byte),
        };
        put(&mut out, byte, plain);
        at += 1;
    }
    out
}

/// True for what means the same encoded or not (RFC 3986 §2.3).
fn unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._~".contains(&octet)
}

fn put(out: &mut String, octet: u8, plain: bool) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    if plain {
        out.push(char::from(octet));
    } else {
        let digit = |value: u8| char::from(DIGITS[usize::from(value & 15)]);
        out.extend(['%', digit(octet >> 4), digit(octet)]);
    }
}

/// True if `path` begins as `pattern` says: `*` stands for anything, a `$` at the end for the end.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, ends) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return !ends || rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if ends && parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(file: &str, path: &str) -> Result<(), Disallowed> {
        let url = Url::parse("https://blog.example")
            .unwrap()
            .join(path)
            .unwrap();
        Robots::parse(file.as_bytes()).check(&url)
    }

    fn allows(file: &str, path: &str) -> bool {
        check(file, path).is_ok()
    }

    fn everybody(rules: &str) -> String {
        format!("User-agent: *\n{rules}")
    }

    #[test]
    fn the_group_that_names_us_counts_and_no_other() {
        let file = "User-agent: *\nDisallow: /\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: AGG\nDisallow: /a\n";
        assert!(!allows(file, "/a") && allows(file, "/b"));
        for (name, us) in [
            ("agg/1.2", true),
            ("Agg (feeds)", true),
            ("aggregator", false),
            ("agg-x", false),
            ("*agg", false),
        ] {
            let file = format!("User-agent: {name}\nDisallow: /a\n");
            assert_eq!(allows(&file, "/a"), !us, "{name}");
        }
        let free = "User-agent: agg\nDisallow:\n\nUser-agent: *\nDisallow: /\n";
        assert!(
            allows(free, "/a"),
            "a group of our own, which forbids nothing"
        );
    }

    #[test]
    fn groups_for_the_same_agent_are_one_and_several_agents_share_one() {
        let file = "User-agent: agg\nDisallow: /a\nUser-agent: *\nDisallow: /c\nUser-agent: x\nUser-agent: agg\n\nDisallow: /b\n";
        assert!(!allows(file, "/a") && !allows(file, "/b") && allows(file, "/c"));
        let split =
            "User-agent: agg\nSitemap: https://blog.example/map.xml\nUser-agent: x\nDisallow: /a\n";
        assert!(
            !allows(split, "/a"),
            "a sitemap parts no agents from their rules"
        );
    }

    #[test]
    fn rules_without_an_agent_mean_nothing() {
        assert!(allows("Disallow: /\n", "/a"));
        assert!(allows("User-agent: x\nDisallow: /\n", "/a"));
        assert!(allows("<html><body>User-agent: * Disallow: /</body>", "/a"));
        assert!(allows("", "/a"));
    }

    #[test]
    fn the_longest_rule_wins_and_allow_wins_a_tie() {
        let file = everybody("Disallow: /\nAllow: /blog\nDisallow: /blog/drafts\n");
        assert!(
            !allows(&file, "/about")
                && allows(&file, "/blog/1")
                && !allows(&file, "/blog/drafts/1")
        );
        assert!(allows(&everybody("Disallow: /a\nAllow: /a\n"), "/a"));
        assert!(allows(&everybody("Allow: /a\nDisallow: /a\n"), "/a"));
        let file = everybody("Allow: /example/page/\nDisallow: /example/page/disallowed.gif\n");
        assert!(!allows(&file, "/example/page/disallowed.gif"));
    }

    #[test]
    fn stars_and_dollars_mean_what_they_mean() {
        for (pattern, path, fits) in [
            ("/", "/anything", true),
            ("/*.gif$", "/a/b.gif", true),
            ("/*.gif$", "/a/b.gif?x", false),
            ("/*.gif", "/a/b.gif?x", true),
            ("/a*b*c", "/a-b-c-d", true),
            ("/a*b*c", "/a-c-b", false),
            ("/a**b", "/ab", true),
            ("/a$", "/a", true),
            ("/a$", "/ab", false),
            ("/a*$", "/abc", true),
            ("/*ab$", "/abab", true),
            ("*/b", "/a/b", true),
            ("/$", "/", true),
            ("/$", "/a", false),
            ("/?page=", "/?page=2", true),
            ("/a$b", "/a$b", true),
            ("/a", "/A", false),
            ("a", "/a", false),
        ] {
            assert_eq!(
                !allows(&everybody(&format!("Disallow: {pattern}\n")), path),
                fits,
                "{pattern} {path}"
            );
        }
    }

    #[test]
    fn octets_are_compared_however_they_are_written() {
        for (pattern, path, fits) in [
            ("/foo/bar/ツ", "/foo/bar/%E3%83%84", true),
            ("/foo/bar/%e3%83%84", "/foo/bar/ツ", true),
            ("/foo/bar/%62%61%7A", "/foo/bar/baz", true),
            ("/%7Ejoe/", "/~joe/x", true),
            ("/a%2Fb", "/a/b", false),
            ("/a%2fb", "/a%2Fb", true),
            ("/file-with-a-%2A.html", "/file-with-a-*.html", true),
            ("/file-with-a-%2A.html", "/file-with-a-b.html", false),
            ("/foo-%24", "/foo-$", true),
            ("/foo-%24", "/foo-", false),
            ("/a%zz", "/a%zz", true),
            ("/a b", "/a%20b", true),
            ("/\"x\"", "/%22x%22", true),
        ] {
            assert_eq!(
                !allows(&everybody(&format!("Disallow: {pattern}\n")), path),
                fits,
                "{pattern} {path}"
            );
        }
    }

    #[test]
    fn comments_blanks_and_every_kind_of_line_end_are_read() {
        let file = "\u{feff}# hello\rUSER-AGENT : * # all\r\n\r\n  disallow:/a # not this\rno colon here\nDisallow: /b";
        assert_eq!(
            check(file, "/a"),
            Err(Disallowed {
                line: 4,
                rule: "disallow:/a".to_owned()
            })
        );
        assert_eq!(check(file, "/b").unwrap_err().line, 6);
        assert!(allows(file, "/c"));
    }

    #[test]
    fn a_rule_names_its_line() {
        let file = everybody("Disallow: /x\nDisallow: /blog # private\n");
        let rule = check(&file, "/blog/1").unwrap_err();
        assert_eq!((rule.line, rule.rule.as_str()), (3, "Disallow: /blog"));
    }

    #[test]
    fn the_file_itself_may_always_be_asked_for() {
        assert!(allows(&everybody("Disallow: /\n"), "/robots.txt"));
    }

    #[test]
    fn a_pause_is_read_and_bounded() {
        for (value, millis) in [
            ("10", Some(10_000)),
            ("0.5", Some(500)),
            ("3600", Some(60_000)),
            ("1e30", Some(60_000)),
            ("0", None),
            ("-3", None),
            ("NaN", None),
            ("soon", None),
        ] {
            let robots = Robots::parse(everybody(&format!("Crawl-delay: {value}\n")).as_bytes());
            assert_eq!(robots.delay(), millis.map(Duration::from_millis), "{value}");
        }
        let other = Robots::parse(b"User-agent: x\nCrawl-delay: 5\n");
        assert_eq!(other.delay(), None);
    }

    #[test]
    fn what_follows_after_500_kib_is_not_read() {
        let filler = "# filler\n".repeat(MAX_BYTES / 9);
        let file = everybody(&format!("Disallow: /a\n{filler}Disallow: /b\n"));
        assert!(file.len() > MAX_BYTES);
        assert!(!allows(&file, "/a") && allows(&file, "/b"));
    }

    proptest! {
        #[test]
        fn no_file_panics_the_reader(
            lines in prop::collection::vec("(user-agent: (agg|\\*|x)|(dis)?allow: ?[/a*$%?é]{0,8}|crawl-delay: [ -~]{0,4}|[ -~é]{0,20})", 0..12),
            path in "/(a[/a*$%?é]{0,10})?",
        ) {
            let url = Url::parse("https://blog.example").unwrap().join(&path).unwrap();
            let file = lines.join("\n");
            if let Err(rule) = Robots::parse(file.as_bytes()).check(&url) {
                prop_assert!(lines[rule.line - 1].contains(&rule.rule), "{rule:?}");
            }
        }

        #[test]
        fn a_pattern_fits_itself_and_what_goes_on(path in "/[a-z/*$%.?=]{0,20}", more in "[a-z]{0,5}") {
            let path = path.trim_end_matches('$');
            let longer = path.to_owned() + &more;
            prop_assert!(matches(path, &longer));
        }
    }
}
