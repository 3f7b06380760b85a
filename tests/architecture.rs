//! Which way things point: no module may use one to its left, neighbours do not meet, and nothing goes in a circle.

#![expect(
    clippy::unwrap_used,
    reason = "a test may stop where something is not as it must be"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each module may use of the crate, besides itself.
const ALLOWED: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("lexicon", &["model"]),
    ("fetch", &["lexicon", "model"]),
    ("extract", &["lexicon", "model"]),
    ("normalise", &["lexicon", "model"]),
    ("dedupe", &["lexicon", "model"]),
    ("store", &["lexicon", "model"]),
    ("publish", &["lexicon", "model"]),
    ("deliver", &["lexicon", "model"]),
    ("schedule", &["lexicon", "model"]),
    (
        "config",
        &[
            "extract",
            "fetch",
            "lexicon",
            "model",
            "normalise",
            "schedule",
        ],
    ),
    (
        "pipeline",
        &[
            "config",
            "dedupe",
            "deliver",
            "extract",
            "fetch",
            "lexicon",
            "model",
            "normalise",
            "publish",
            "schedule",
            "store",
        ],
    ),
    (
        "serve",
        &["config", "lexicon", "model", "pipeline", "schedule"],
    ),
];

/// Words that only the named modules may use, outside of tests.
const RESERVED: &[(&str, &[&str], &str)] = &[
    ("rusqlite", &["store"], "SQL lives in `store`"),
    (
        "reqwest",
        &["fetch"],
        "only `fetch` opens the door to the network",
    ),
    ("println!", &["cli"], "only `cli` prints"),
    ("eprintln!", &["cli"], "only `cli` prints"),
    (
        "Utc::now",
        &["pipeline", "serve"],
        "time is an argument below `pipeline`",
    ),
    (
        "SystemTime::now",
        &["pipeline", "serve"],
        "time is an argument below `pipeline`",
    ),
];

type Module = Vec<String>;

#[test]
fn modules_use_only_what_stands_to_their_right() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut wrong = Vec::new();
    for file in sources() {
        let module = file.module[0].as_str();
        if matches!(module, "lib" | "main" | "cli") {
            continue;
        }
        let Some(allowed) = allowed.get(module) else {
            wrong.push(format!(
                "{}: the table of this test does not know `{module}`",
                file.path.display()
            ));
            continue;
        };
        for path in file
            .uses
            .iter()
            .filter(|path| path[0] == "crate" && path.len() > 1)
        {
            if path[1] != module && !allowed.contains(&path[1].as_str()) {
                wrong.push(format!(
                    "{}: `{module}` uses `{}`",
                    file.path.display(),
                    path[1]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn no_modules_form_a_circle() {
    let files = sources();
    let names: BTreeSet<Module> = files.iter().map(|file| file.module.clone()).collect();
    let mut edges: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for file in &files {
        let targets = file
            .uses
            .iter()
            .filter_map(|path| resolve(&file.module, path, &names, &files));
        edges.insert(
            file.module.clone(),
            targets.filter(|target| *target != file.module).collect(),
        );
    }
    assert!(
        edges.values().map(BTreeSet::len).sum::<usize>() > files.len(),
        "the uses are found"
    );
    let circles: BTreeSet<String> = edges
        .keys()
        .filter_map(|start| circle(start, &edges))
        .collect();
    let circles: Vec<String> = circles.into_iter().collect();
    assert!(
        circles.is_empty(),
        "circles between modules:\n{}\n",
        circles.join("\n")
    );
}

#[test]
fn what_belongs_to_one_module_is_used_nowhere_else() {
    let mut wrong = Vec::new();
    for file in sources() {
        for (word, owners, why) in RESERVED {
            if file.text.contains(word) && !owners.contains(&file.module[0].as_str()) {
                wrong.push(format!("{}: `{word}`: {why}", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// A source file: its module path without `crate`, its code, and the paths it uses.
struct Source {
    path: PathBuf,
    module: Module,
    text: String,
    uses: Vec<Vec<String>>,
    /// Names that it gives on from its children: name → child.
    reexports: BTreeMap<String, String>,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    assert!(found.len() > 20, "the walk over src finds the program");
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let relative = path.strip_prefix(root).unwrap().with_extension("");
            let mut module: Module = relative
                .components()
                .map(|part| part.as_os_str().to_string_lossy().into_owned())
                .collect();
            if module.last().is_some_and(|last| last == "tests") {
                continue;
            }
            if module.len() > 1 && module.last().is_some_and(|last| last == "mod") {
                module.pop();
            }
            let text = code(&fs::read_to_string(&path).unwrap());
            let (uses, reexports) = uses(&text);
            found.push(Source {
                path: path.strip_prefix(root).unwrap().to_owned(),
                module,
                text,
                uses,
                reexports,
            });
        }
    }
}

/// The code of a file: no comments, nothing below its tests, no paths in `pub(in …)`.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    code.map(|line| line.replace("pub(in crate::", "pub(in "))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Every path of a file, in `use` (where braces are opened: `a::{b, c}` is `a::b` and `a::c`) or in an expression, and
/// what its `pub use` gives on.
fn uses(text: &str) -> (Vec<Vec<String>>, BTreeMap<String, String>) {
    let mut paths = Vec::new();
    let mut reexports = BTreeMap::new();
    let mut rest = String::new();
    for line in statements(text) {
        let public = line.starts_with("pub");
        let tree = match line.split_once("use ") {
            Some((before, tree))
                if before.is_empty() || (before.starts_with("pub") && !before.contains('{')) =>
            {
                tree
            }
            _ => {
                rest.push_str(&line);
                rest.push('\n');
                continue;
            }
        };
        let mut found = Vec::new();
        open(tree.trim_end_matches(';').trim(), &[], &mut found);
        for path in found {
            if public && !matches!(path[0].as_str(), "crate" | "super") {
                let child = if path[0] == "self" {
                    &path[1]
                } else {
                    &path[0]
                };
                reexports.insert(path.last().unwrap().clone(), child.clone());
            } else {
                paths.push(path);
            }
        }
    }
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, ':' | '_');
    for word in rest
        .split(|c: char| !is_path(c))
        .filter(|word| word.contains("::"))
    {
        paths.push(
            word.split("::")
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
        );
    }
    paths.retain(|path| !path.is_empty());
    (paths, reexports)
}

/// The lines of a file, those of one `use` joined.
fn statements(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if inside {
            found.last_mut().unwrap().push_str(line);
        } else {
            found.push(line.to_owned());
        }
        let last = found.last().unwrap();
        let is_use =
            last.starts_with("use ") || (last.starts_with("pub") && last.contains(" use "));
        inside = is_use && !last.ends_with(';');
    }
    found
}

fn open(tree: &str, before: &[String], found: &mut Vec<Vec<String>>) {
    let (head, inner) = match tree.find('{') {
        Some(at) => (
            &tree[..at],
            Some(&tree[at + 1..tree.rfind('}').unwrap_or(tree.len())]),
        ),
        None => (tree, None),
    };
    let head = head.split(" as ").next().unwrap_or_default();
    let mut path = before.to_vec();
    path.extend(
        head.split("::")
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned),
    );
    let Some(inner) = inner else {
        if !path.is_empty() {
            found.push(path);
        }
        return;
    };
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                open(inner[start..at].trim(), &path, found);
                start = at + 1;
            }
            _ => {}
        }
    }
    if !inner[start..].trim().is_empty() {
        open(inner[start..].trim(), &path, found);
    }
}

/// The module that a path used in `module` ends in. What a parent only gives on from a child counts as the child's.
fn resolve(
    module: &Module,
    path: &[String],
    names: &BTreeSet<Module>,
    files: &[Source],
) -> Option<Module> {
    let mut at: Module = match path[0].as_str() {
        "crate" => Vec::new(),
        "super" => module[..module.len() - 1].to_vec(),
        "self" => module.clone(),
        child => {
            let mut below = module.clone();
            below.push(child.to_owned());
            if !names.contains(&below) {
                return None;
            }
            below
        }
    };
    for part in &path[1..] {
        if part == "super" {
            at.pop();
            continue;
        }
        let mut below = at.clone();
        below.push(part.clone());
        if names.contains(&below) {
            at = below;
            continue;
        }
        let child = files
            .iter()
            .find(|file| file.module == at)
            .and_then(|file| file.reexports.get(part));
        at.extend(child.cloned());
        break;
    }
    names.contains(&at).then_some(at)
}

/// A way from `start` back to it, if there is one.
fn circle(start: &Module, edges: &BTreeMap<Module, BTreeSet<Module>>) -> Option<String> {
    let mut ways = vec![vec![start.clone()]];
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop() {
        for next in edges.get(way.last().unwrap()).into_iter().flatten() {
            if next == start {
                let names: Vec<String> = way
                    .iter()
                    .chain([start])
                    .map(|module| module.join("::"))
                    .collect();
                return Some(names.join(" → "));
            }
            if seen.insert(next.clone()) {
                let mut longer = way.clone();
                longer.push(next.clone());
                ways.push(longer);
            }
        }
    }
    None
}
