//! A table for a narrow screen: what is short stands in columns, what is said at length below it, on lines of its own.

/// How far what stands below a row is set in, characters.
const INDENT: usize = 4;
/// What parts columns, characters.
const GAP: usize = 2;

/// One row.
pub(super) struct Row {
    /// The columns, a name first.
    pub(super) cells: Vec<String>,
    /// What stands below them, a paragraph each.
    pub(super) below: Vec<String>,
}

/// The lines of a table of these heads (those that start with `>` are set to the right) that is `width` characters wide,
/// each with the number of its row. A name that finds no room has a line of its own.
pub(super) fn lines(heads: &[&str], rows: &[Row], width: usize) -> Vec<(Option<usize>, String)> {
    let length = |text: &str| text.chars().count();
    let cell = |row: &Row, column: usize| row.cells.get(column).map_or(0, |cell| length(cell));
    let widest = |column: usize| {
        let cells = rows.iter().map(|row| cell(row, column)).max();
        cells
            .unwrap_or(0)
            .max(length(heads[column].trim_start_matches('>')))
    };
    let mut widths: Vec<usize> = (0..heads.len()).map(widest).collect();
    let others: usize = widths[1..].iter().map(|width| width + GAP).sum();
    let least = length(heads[0]);
    widths[0] = widths[0].min(width.saturating_sub(others).max(least));
    let line = |cells: &[String]| {
        let mut line = String::new();
        for ((cell, head), width) in cells.iter().zip(heads).zip(&widths) {
            let blank = " ".repeat(width.saturating_sub(length(cell)));
            let gap = if line.is_empty() { 0 } else { GAP };
            line.push_str(&" ".repeat(gap));
            if head.starts_with('>') {
                line.push_str(&blank);
                line.push_str(cell);
            } else {
                line.push_str(cell);
                line.push_str(&blank);
            }
        }
        line.trim_end().to_owned()
    };
    let head: Vec<String> = (heads.iter())
        .map(|head| head.trim_start_matches('>').to_owned())
        .collect();
    let mut lines = vec![(None, line(&head))];
    for (number, row) in rows.iter().enumerate() {
        let mut cells = row.cells.clone();
        if let Some(name) = cells.first_mut().filter(|name| length(name) > widths[0]) {
            let name = std::mem::replace(name, " ".repeat(widths[0]));
            lines.push((Some(number), name));
        }
        lines.push((Some(number), line(&cells)));
        let below = row.below.iter().flat_map(|text| wrapped(text, width));
        lines.extend(below.map(|line| (Some(number), line)));
    }
    lines
}

/// `text` in lines of `width` at most, parted between words.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{}{word}", " ".repeat(INDENT))),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_never_cut_and_reasons_have_lines_of_their_own() {
        let row = |name: &str, below: &[&str]| Row {
            cells: vec![
                name.to_owned(),
                "7".to_owned(),
                "2026-11-22 05:36".to_owned(),
            ],
            below: below.iter().map(|text| (*text).to_owned()).collect(),
        };
        let rows = [
            row("blog", &["because: its feed says every 60 minutes"]),
            row("a-name-of-many-letters", &[]),
        ];
        let found: Vec<String> = lines(&["source", ">entries", "due"], &rows, 36)
            .into_iter()
            .map(|(_, line)| line)
            .collect();
        assert_eq!(
            found,
            [
                "source     entries  due",
                "blog             7  2026-11-22 05:36",
                "    because: its feed says every 60",
                "    minutes",
                "a-name-of-many-letters",
                "                 7  2026-11-22 05:36",
            ]
        );
    }
}
