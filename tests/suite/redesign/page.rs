//! An index page with its posts: where each of them stands in the tree.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use url::Url;

use super::tree::{self, Element, Node, Path};

/// A container holds at least so many percent of the posts.
const SHARE: usize = 90;
/// The longest line that may stand before the link of its post, where posts are no elements of their own.
const SHORT: usize = 40;

/// A post, as a careful person reads it.
#[derive(Clone, Debug)]
pub(super) struct Post {
    pub(super) url: Url,
    pub(super) title: String,
    /// The day, where the page shows one.
    pub(super) day: Option<NaiveDate>,
    /// How its excerpt begins.
    pub(super) summary: String,
}

/// The nodes of one post: some children in a row of one element.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) post: usize,
    pub(super) parent: Path,
    pub(super) begin: usize,
    pub(super) end: usize,
}

/// A page, its posts, and their items in document order.
#[derive(Clone)]
pub(super) struct Page {
    pub(super) url: Url,
    pub(super) html: String,
    pub(super) tree: Element,
    pub(super) posts: Vec<Post>,
    /// Empty, where the posts cannot be told apart in the tree.
    pub(super) items: Vec<Item>,
    pub(super) base: Url,
}

impl Page {
    pub(super) fn new(url: Url, html: String, posts: Vec<Post>) -> Self {
        let tree = tree::parse(&html);
        let base = tree
            .find("base")
            .and_then(|path| tree.at(&path).attribute("href").map(str::to_owned))
            .and_then(|href| url.join(&href).ok())
            .unwrap_or_else(|| url.clone());
        let mut page = Self {
            url,
            html,
            tree,
            posts,
            items: Vec::new(),
            base,
        };
        page.items = page.find();
        page
    }

    /// The nodes of an item.
    pub(super) fn nodes(&self, item: &Item) -> &[Node] {
        &self.tree.at(&item.parent).children[item.begin..item.end]
    }

    /// The post that a link leads to.
    pub(super) fn leads_to(&self, element: &Element) -> Option<usize> {
        let href = element.attribute("href")?;
        let to = key(&self.base.join(href.trim()).ok()?);
        self.posts.iter().position(|post| key(&post.url) == to)
    }

    /// The element that holds all items.
    pub(super) fn container(&self) -> Path {
        let mut items = self.items.iter();
        let mut path = items.next().map(|it| it.parent.clone()).unwrap_or_default();
        for item in items {
            let shared = path
                .iter()
                .zip(&item.parent)
                .take_while(|(a, b)| a == b)
                .count();
            path.truncate(shared);
        }
        path
    }

    /// The children of the container that the items stand in: the first, and one past the last.
    pub(super) fn extent(&self) -> (usize, usize) {
        let depth = self.container().len();
        let child = |item: &Item| item.parent.get(depth).copied();
        let begin = self.items.iter().map(|it| child(it).unwrap_or(it.begin));
        let end = self
            .items
            .iter()
            .map(|it| child(it).map_or(it.end, |at| at + 1));
        (begin.min().unwrap_or(0), end.max().unwrap_or(0))
    }

    fn find(&self) -> Vec<Item> {
        let keys: HashMap<_, usize> = self
            .posts
            .iter()
            .enumerate()
            .map(|(at, post)| (key(&post.url), at))
            .collect();
        let mut links: Vec<(usize, Path, String)> = Vec::new();
        self.tree.each(&mut Path::new(), &mut |element, path| {
            let to = element
                .attribute("href")
                .filter(|_| element.name == "a")
                .and_then(|href| self.base.join(href.trim()).ok())
                .and_then(|url| keys.get(&key(&url)));
            if let Some(post) = to {
                links.push((*post, path.clone(), letters(&tree::text(&element.children))));
            }
        });
        let container = self.descend(&links);
        let primary = self.primary(&links, &container);
        if primary.len() * 100 < self.posts.len() * SHARE || primary.is_empty() {
            return Vec::new();
        }
        let units = if let [(post, link)] = primary.as_slice() {
            vec![(*post, self.around(*post, link))]
        } else {
            units(&self.tree, &primary, container.len())
        };
        let mut items = self.items_of(units);
        items.sort_by(|a, b| (&a.parent, a.begin).cmp(&(&b.parent, b.begin)));
        let is_whole = |item: &Item| {
            let post = &self.posts[item.post];
            letters(&tree::text(self.nodes(item))).contains(&letters(&post.title))
        };
        if items.iter().filter(|item| is_whole(item)).count() * 100 < items.len() * SHARE {
            return Vec::new();
        }
        items
    }

    /// Down from the root as long as one child holds nearly all posts; of several, the one that says most.
    fn descend(&self, links: &[(usize, Path, String)]) -> Path {
        let distinct = |path: &Path| {
            let mut posts: Vec<usize> = links
                .iter()
                .filter(|(_, link, _)| link.starts_with(path))
                .map(|(post, ..)| *post)
                .collect();
            posts.sort_unstable();
            posts.dedup();
            posts.len()
        };
        let mut path = Path::new();
        let needed = (distinct(&path) * SHARE).div_ceil(100).max(1);
        loop {
            let element = self.tree.at(&path);
            let next = (0..element.children.len())
                .filter(|at| matches!(element.children[*at], Node::Element(_)))
                .map(|at| [path.as_slice(), &[at]].concat())
                .filter(|child| distinct(child) >= needed)
                .max_by_key(|child| self.says(&tree::text(&self.tree.at(child).children)));
            match next {
                Some(child) => path = child,
                None => return path,
            }
        }
    }

    /// How many excerpts are in a text, and how much it says at all.
    fn says(&self, text: &str) -> (usize, usize) {
        let all = letters(text);
        let excerpts = self.posts.iter().filter(|post| {
            let begin = beginning(&post.summary);
            !begin.is_empty() && all.contains(&begin)
        });
        (excerpts.count(), text.len())
    }

    /// One link for each post: the one that bears its title, best in a heading, else the first that says something, else the first.
    fn primary(&self, links: &[(usize, Path, String)], container: &Path) -> Vec<(usize, Path)> {
        let mut best: BTreeMap<usize, (u8, &Path)> = BTreeMap::new();
        for (post, path, text) in links.iter().filter(|(_, it, _)| it.starts_with(container)) {
            let title = letters(&self.posts[*post].title);
            let headed = (container.len()..path.len())
                .map(|length| self.tree.at(&path[..length]).name.as_str())
                .any(|name| matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6"));
            let rank = match text {
                text if *text == title => 3 + u8::from(headed),
                text if !title.is_empty() && text.contains(&title) => 2,
                text if !text.is_empty() => 1,
                _ => 0,
            };
            if best.get(post).is_none_or(|(other, _)| rank > *other) {
                best.insert(*post, (rank, path));
            }
        }
        best.into_iter()
            .map(|(post, (_, path))| (post, path.clone()))
            .collect()
    }

    /// The element around the only post: it holds all that is known of it.
    fn around(&self, post: usize, link: &Path) -> Path {
        let post = &self.posts[post];
        let begin = beginning(&post.summary);
        let year = post.day.map(|day| day.format("%Y").to_string());
        for length in (1..=link.len()).rev() {
            let text = letters(&tree::text(&self.tree.at(&link[..length]).children));
            let has_date = year.as_ref().is_none_or(|year| text.contains(year));
            if text.contains(&letters(&post.title)) && text.contains(&begin) && has_date {
                return link[..length].to_vec();
            }
        }
        link.clone()
    }

    /// Adds to each unit the siblings that belong to it, where posts have no element of their own.
    fn items_of(&self, units: Vec<(usize, Path)>) -> Vec<Item> {
        let mut groups: BTreeMap<Path, Vec<(usize, usize)>> = BTreeMap::new();
        for (post, mut path) in units {
            let at = path.pop().unwrap_or(0);
            groups.entry(path).or_default().push((at, post));
        }
        let mut items = Vec::new();
        for (parent, mut group) in groups {
            group.sort_unstable();
            let children = &self.tree.at(&parent).children;
            let (lead, tail) = if self.ends_posts(children, &group) {
                (least(children, &group), 0)
            } else {
                reach(children, &group)
            };
            let begins: Vec<usize> = group
                .iter()
                .map(|(at, _)| step(children, *at, lead, false))
                .collect();
            let mut before = None;
            for (number, (at, post)) in group.into_iter().enumerate() {
                let next = begins.get(number + 1).filter(|_| tail > 0);
                let end = next.map_or_else(|| step(children, at, tail, true) + 1, |next| *next);
                items.push(Item {
                    post,
                    parent: parent.clone(),
                    // what no post begins or ends belongs to the one after it
                    begin: before.filter(|_| lead > 0).unwrap_or(begins[number]),
                    end,
                });
                before = Some(end);
            }
        }
        items
    }

    /// True if the titles stand before the links: a "permalink" ends each post.
    fn ends_posts(&self, children: &[Node], group: &[(usize, usize)]) -> bool {
        let mut from = 0;
        let ends = group.iter().filter(|(at, post)| {
            let (before, own) = (&children[from..*at], &children[*at]);
            from = *at + 1;
            let title = letters(&self.posts[*post].title);
            letters(&tree::text(before)).contains(&title) && !letters(&own.text()).contains(&title)
        });
        ends.count() * 100 >= group.len() * SHARE
    }
}

/// The highest element above each link that holds the link of no other post; where most of these bear one name, the highest
/// of that name, so that the only post of a month is not the month.
fn units(tree: &Element, primary: &[(usize, Path)], depth: usize) -> Vec<(usize, Path)> {
    let highest: Vec<(usize, Path, &Path)> = primary
        .iter()
        .map(|(post, link)| {
            let own = (depth + 1..link.len()).find(|length| {
                !primary
                    .iter()
                    .any(|(other, path)| other != post && path.starts_with(&link[..*length]))
            });
            (*post, link[..own.unwrap_or(link.len())].to_vec(), link)
        })
        .collect();
    let name = |path: &[usize]| tree.at(path).name.as_str();
    let mut names: HashMap<&str, usize> = HashMap::new();
    for (_, path, _) in &highest {
        *names.entry(name(path)).or_default() += 1;
    }
    let usual = names.iter().max_by_key(|(_, count)| **count);
    let usual = usual.map(|(name, _)| *name).unwrap_or_default();
    highest
        .into_iter()
        .map(|(post, path, link)| {
            let same = (path.len()..=link.len()).find(|length| name(&link[..*length]) == usual);
            (post, same.map_or(path, |length| link[..length].to_vec()))
        })
        .collect()
}

/// The fewest telling siblings between two units.
fn least(children: &[Node], group: &[(usize, usize)]) -> usize {
    let gaps = group.windows(2).map(|pair| {
        let between = children[pair[0].0 + 1..pair[1].0].iter();
        between.filter(|it| counts(it)).count()
    });
    gaps.min().unwrap_or(0)
}

/// How many telling siblings before and after the units of `group` belong to them.
fn reach(children: &[Node], group: &[(usize, usize)]) -> (usize, usize) {
    let least = least(children, group);
    if least == 0 {
        return (0, 0);
    }
    let between = |from: usize, to: usize| -> Vec<&Node> {
        children[from..to].iter().filter(|it| counts(it)).collect()
    };
    let mut before: Vec<Vec<&Node>> = group
        .windows(2)
        .map(|pair| between(pair[0].0 + 1, pair[1].0))
        .collect();
    before.push(between(0, group[0].0));
    let from_end = |gap: &Vec<&Node>, back: usize| -> Option<(String, bool)> {
        let node = gap.len().checked_sub(back + 1).map(|at| gap[at])?;
        Some((node.name().to_owned(), node.text().trim().len() <= SHORT))
    };
    let mut lead = 0;
    while lead < least
        && before.iter().all(|gap| {
            let this = from_end(gap, lead);
            this.as_ref()
                .is_some_and(|(name, short)| *short && name != "br" && name != "hr")
                && this == from_end(&before[0], lead)
        })
    {
        lead += 1;
    }
    (lead, least - lead)
}

/// The place `count` telling siblings away.
fn step(children: &[Node], from: usize, count: usize, forward: bool) -> usize {
    let mut at = from;
    let mut left = count;
    let mut last = from;
    while left > 0 {
        let next = if forward {
            at.checked_add(1).filter(|at| *at < children.len())
        } else {
            at.checked_sub(1)
        };
        let Some(next) = next else { break };
        at = next;
        if counts(&children[at]) {
            left -= 1;
            last = at;
        }
    }
    last
}

/// True if the node is more than white space.
fn counts(node: &Node) -> bool {
    match node {
        Node::Element(element) => !matches!(element.name.as_str(), "script" | "style"),
        Node::Text(text) => !text.trim().is_empty(),
        Node::Other(_) => false,
    }
}

/// What tells one address from another.
pub(super) fn key(url: &Url) -> (String, String, String) {
    let host = url.host_str().unwrap_or_default();
    let path = url.path();
    let path = path
        .strip_suffix("index.html")
        .or_else(|| path.strip_suffix("index.php"))
        .unwrap_or(path);
    (
        host.trim_start_matches("www.").to_owned(),
        path.trim_end_matches('/').to_owned(),
        url.query().unwrap_or_default().to_owned(),
    )
}

fn beginning(summary: &str) -> String {
    letters(summary).chars().take(20).collect()
}

/// The letters and figures of a text.
pub(super) fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
