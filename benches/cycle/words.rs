//! Words, sentences and bodies, invented by numbers: the same for the same seed, on every machine.

use std::fmt::Write as _;

/// Numbers that look random (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: usize) -> Self {
        Self(seed as u64)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or_default()
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// How a feed is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    Latin,
    Cyrillic,
    Chinese,
}

impl Script {
    /// One feed in twenty is Cyrillic, one in twenty Chinese.
    pub(crate) fn of_feed(number: usize) -> Self {
        match number % 20 {
            7 => Self::Cyrillic,
            13 => Self::Chinese,
            _ => Self::Latin,
        }
    }

    pub(crate) fn language(self) -> &'static str {
        match self {
            Self::Latin => "en",
            Self::Cyrillic => "ru",
            Self::Chinese => "zh",
        }
    }
}

const ONSETS: [&str; 16] = [
    "b", "br", "c", "d", "f", "gr", "h", "l", "m", "n", "p", "r", "s", "st", "t", "v",
];
const VOWELS: [&str; 8] = ["a", "e", "i", "o", "u", "ea", "ou", "é"];
const CODAS: [&str; 8] = ["", "", "n", "r", "s", "l", "ck", "nd"];
const CYRILLIC: [&str; 16] = [
    "ба", "во", "ге", "да", "жи", "за", "ку", "ла", "ме", "но", "по", "ра", "со", "ти", "ше", "ня",
];
/// How many words the language has; a few of them make up most of a text.
const VOCABULARY: usize = 20_000;

/// Adds the word of that number.
pub(crate) fn word(number: usize, script: Script, text: &mut String) {
    if script == Script::Chinese {
        for shift in 0..2 {
            let code =
                0x4e00 + u32::try_from((number * 7 + shift * 131) % 3000).unwrap_or_default();
            text.extend(char::from_u32(code));
        }
        return;
    }
    let mut rest = number + 1;
    while rest > 0 {
        if script == Script::Cyrillic {
            text.push_str(CYRILLIC[rest % 16]);
            rest /= 16;
        } else {
            text.push_str(ONSETS[rest % 16]);
            text.push_str(VOWELS[rest / 16 % 8].get(..).unwrap_or("a"));
            text.push_str(CODAS[rest / 128 % 8]);
            rest /= 1024;
        }
    }
}

/// Adds `count` words with spaces between them.
pub(crate) fn words(dice: &mut Dice, script: Script, count: usize, text: &mut String) {
    for at in 0..count {
        if at > 0 && script != Script::Chinese {
            text.push(' ');
        }
        // cubed, so that small numbers are common, as in any language
        let share = dice.below(1000) * dice.below(1000) / 1000 * dice.below(1000) / 1000;
        word(share * VOCABULARY / 1000 + dice.below(20), script, text);
    }
}

/// `count` words with a capital letter.
pub(crate) fn phrase(dice: &mut Dice, script: Script, count: usize) -> String {
    let mut text = String::new();
    words(dice, script, count, &mut text);
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// A few sentences in HTML, with what stands in sentences.
fn prose(dice: &mut Dice, script: Script, sentences: usize, html: &mut String) {
    let end = if script == Script::Chinese {
        "。"
    } else {
        ". "
    };
    for _ in 0..sentences {
        let count = 4 + dice.below(12);
        html.push_str(&phrase(dice, script, count));
        match dice.below(12) {
            0 => html.push_str(" it’s “so”"),
            1 => html.push_str(" &amp; more &#8212; or less"),
            2 => {
                let (one, two) = (phrase(dice, script, 2), dice.below(10_000));
                let _ = write!(
                    html,
                    " <a href=\"https://site{}.example/p/{two}?utm_source=feed&amp;id={two}\" target=\"_blank\" onclick=\"track({two})\">{one}</a>",
                    two % 97
                );
            }
            3 => {
                let (tag, one) = (
                    dice.pick(&["em", "strong", "code", "b", "i"]),
                    phrase(dice, script, 2),
                );
                let _ = write!(html, " <{tag}>{one}</{tag}>");
            }
            _ => {}
        }
        html.push_str(end);
    }
}

/// A body of about `bytes`, with what bodies have: paragraphs, links, images, lists, quotations, tables, code, embedded
/// players, scripts and styles.
pub(crate) fn body(dice: &mut Dice, script: Script, bytes: usize) -> String {
    let mut html = String::with_capacity(bytes + 1024);
    while html.len() < bytes {
        let number = dice.below(100_000);
        match dice.below(16) {
            0 => {
                let title = phrase(dice, script, 4);
                let _ = writeln!(
                    html,
                    "<h2 id=\"s{number}\" class=\"wp-block-heading\">{title}</h2>"
                );
            }
            1 => {
                let caption = phrase(dice, script, 6);
                let _ = writeln!(
                    html,
                    "<figure class=\"wp-block-image size-large\"><img loading=\"lazy\" decoding=\"async\" width=\"1024\" height=\"683\" src=\"/uploads/{number}.jpg\" srcset=\"/uploads/{number}.jpg 1024w, /uploads/{number}-300.jpg 300w\" sizes=\"(max-width: 1024px) 100vw, 1024px\" alt=\"{caption}\" class=\"wp-image-{number}\"/><figcaption>{caption}</figcaption></figure>"
                );
            }
            2 => {
                html.push_str("<ul class=\"list\">");
                for _ in 0..3 {
                    html.push_str("<li>");
                    prose(dice, script, 1, &mut html);
                    html.push_str("</li>");
                }
                html.push_str("</ul>\n");
            }
            3 => {
                html.push_str("<blockquote><p>");
                prose(dice, script, 2, &mut html);
                html.push_str("</p></blockquote>\n");
            }
            4 => {
                let _ = writeln!(
                    html,
                    "<pre><code class=\"language-rust\">fn f{number}(x: &amp;str) -&gt; usize {{\n    x.len() &lt;&lt; {}\n}}</code></pre>",
                    number % 8
                );
            }
            5 if number.is_multiple_of(3) => {
                let _ = writeln!(
                    html,
                    "<table style=\"width:100%\"><tr><th>a</th><th>b</th></tr><tr><td>{number}</td><td>{}</td></tr></table>",
                    number / 3
                );
            }
            6 if number.is_multiple_of(4) => {
                let _ = writeln!(
                    html,
                    "<iframe width=\"560\" height=\"315\" src=\"https://www.youtube.com/embed/v{number}\" allowfullscreen></iframe><script async src=\"https://t.example/{number}.js\"></script>"
                );
            }
            7 if number.is_multiple_of(3) => {
                let _ = writeln!(
                    html,
                    "<style>.c{number} {{ color: red }}</style><div class=\"c{number}\" style=\"margin:0 auto;padding:{}px\"><p>note</p></div>",
                    number % 9
                );
            }
            _ => {
                html.push_str(if number.is_multiple_of(5) {
                    "<p class=\"has-text\" style=\"text-align:left\">"
                } else {
                    "<p>"
                });
                let sentences = 2 + dice.below(4);
                prose(dice, script, sentences, &mut html);
                html.push_str("</p>\n");
            }
        }
    }
    html
}
