//! How people write a day: to find a date in a page and to write it in another way.

use chrono::{Datelike, NaiveDate};

use super::page::letters;
use super::tree::{Node, text};

const MONTHS: [[&str; 12]; 10] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ],
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
    [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    [
        "Jan.", "Feb.", "Mar.", "Apr.", "May", "Jun.", "Jul.", "Aug.", "Sep.", "Oct.", "Nov.",
        "Dec.",
    ],
    [
        "jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez",
    ],
];

/// `y` year, `m` and `d` month and day, doubled with a leading zero, `o` the day with its ending, `M` the month's name.
const SHAPES: [&str; 28] = [
    "y-mm-dd",
    "y/mm/dd",
    "y.mm.dd",
    "y-m-d",
    "y/m/d",
    "y年m月d日",
    "y年mm月dd日",
    "y년 m월 d일",
    "y. m. d.",
    "y M dd",
    "y M d",
    "M d, y",
    "M dd, y",
    "M o, y",
    "M d y",
    "d M y",
    "dd M y",
    "d. M y",
    "d. M, y",
    "dd M, y",
    "d M, y",
    "d de M de y",
    "dd de M de y",
    "dd.mm.y",
    "d.m.y",
    "mm/dd/y",
    "dd/mm/y",
    "dd-mm-y",
];

/// A way to write a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Format {
    shape: &'static str,
    names: usize,
}

/// Year first, in figures.
pub(super) const ISO: Format = Format {
    shape: SHAPES[0],
    names: 0,
};
/// As Americans write it.
pub(super) const LONG: Format = Format {
    shape: SHAPES[11],
    names: 0,
};
/// As much of Europe writes it.
pub(super) const DOTTED: Format = Format {
    shape: SHAPES[23],
    names: 0,
};

impl Format {
    /// Every format there is.
    fn all() -> impl Iterator<Item = Self> {
        SHAPES.into_iter().flat_map(|shape| {
            let names = if shape.contains('M') { MONTHS.len() } else { 1 };
            (0..names).map(move |names| Self { shape, names })
        })
    }

    /// True if the year stands first.
    pub(super) fn is_year_first(self) -> bool {
        self.shape.starts_with('y')
    }

    /// `day`, written so.
    pub(super) fn write(self, day: NaiveDate) -> String {
        let (d, m) = (day.day(), day.month());
        let end = match d {
            1 | 21 | 31 => "st",
            2 | 22 => "nd",
            3 | 23 => "rd",
            _ => "th",
        };
        let mut written = String::new();
        let mut rest = self.shape;
        while let Some(c) = rest.chars().next() {
            let (part, length) = match c {
                'y' => (day.year().to_string(), 1),
                'm' if rest.starts_with("mm") => (format!("{m:02}"), 2),
                'm' => (m.to_string(), 1),
                'd' if rest.starts_with("dd") => (format!("{d:02}"), 2),
                'd' if rest.starts_with("de ") => ("de".to_owned(), 2),
                'd' => (d.to_string(), 1),
                'o' => (format!("{d}{end}"), 1),
                'M' => (MONTHS[self.names][m as usize - 1].to_owned(), 1),
                c => (c.to_string(), c.len_utf8()),
            };
            written.push_str(&part);
            rest = &rest[length..];
        }
        written
    }
}

/// How `day` is written in `nodes`, if it is: in the shortest text that does.
pub(super) fn find(nodes: &[Node], day: NaiveDate) -> Option<Format> {
    written(nodes, day)
        .into_iter()
        .min_by_key(|(_, length)| *length)
        .map(|(format, _)| format)
}

/// Every format in which `nodes` say `day`, with the length of the shortest text that does.
fn written(nodes: &[Node], day: NaiveDate) -> Vec<(Format, usize)> {
    let all = letters(&text(nodes));
    Format::all()
        .filter(|format| all.contains(&letters(&format.write(day))))
        .filter_map(|format| {
            let mut length = None;
            each_place(&mut nodes.to_vec(), day, format, &mut |text| {
                length = Some(length.unwrap_or(usize::MAX).min(text.len()));
            });
            length.map(|length| (format, length))
        })
        .collect()
}

/// Writes `new` in place of `old` in every format in which `nodes` say it.
pub(super) fn redate(nodes: &mut [Node], old: NaiveDate, new: NaiveDate) {
    for (format, _) in written(nodes, old) {
        replace(nodes, old, format, &format.write(new));
    }
}

/// Writes `new` wherever `nodes` say `day` in this format; false if they do not.
pub(super) fn replace(nodes: &mut [Node], day: NaiveDate, format: Format, new: &str) -> bool {
    let old = format.write(day);
    let mut found = false;
    each_place(nodes, day, format, &mut |text| {
        match stands(text, &old) {
            Some(range) => text.replace_range(range, new),
            None => new.clone_into(text),
        }
        found = true;
    });
    found
}

/// Calls `change` with each text that says `day` in this format; of a date that is spread over elements, one text is made.
fn each_place(
    nodes: &mut [Node],
    day: NaiveDate,
    format: Format,
    change: &mut dyn FnMut(&mut String),
) {
    let old = format.write(day);
    for node in nodes {
        let mut found = false;
        node.walk(&mut |node| match node {
            Node::Text(text) if stands(text, &old).is_some() => {
                change(text);
                found = true;
            }
            Node::Element(element) if !found => {
                let mut own = text(&element.children);
                if own.len() < 80 && letters(&own) == letters(&old) {
                    change(&mut own);
                    element.children = vec![Node::Text(own)];
                    found = true;
                }
            }
            _ => {}
        });
    }
}

/// Where `date` stands in `text`, and is not a part of a longer number or word.
fn stands(text: &str, date: &str) -> Option<std::ops::Range<usize>> {
    let (low, wanted) = (text.to_ascii_lowercase(), date.to_ascii_lowercase());
    let begin = low.find(&wanted)?;
    let end = begin + wanted.len();
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let free = !joins(text[..begin].chars().next_back()) && !joins(text[end..].chars().next());
    free.then_some(begin..end)
}
