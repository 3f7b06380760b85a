//! Page tree → its links: where each leads, resolved, each address once however it is spelled.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::address::{self, PathSigns};
use super::own_parts;
use super::subjects;
use super::tree::Tree;
use super::words;

/// One `<a href>` that leads to another page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// Its node.
    pub(super) node: usize,
    /// Which of [`Links::targets`] it leads to.
    pub(super) target: usize,
}

/// An address that the page links to.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The folded address: scheme, `www.`, trailing slash and fragment do not count.
    pub(super) key: String,
    /// Resolved against the base.
    pub(super) url: Url,
    /// True for addresses that cannot be a post: the site's root, this page and its parents, tag, author and numbered
    /// pages, share links, files; and for what was paid for.
    pub(super) utility: bool,
    /// True for a part of this very page that is a post.
    pub(super) within: bool,
    /// True if the host is the page's own.
    pub(super) same_host: bool,
    /// What its path says.
    pub(super) path: PathSigns,
}

/// All links of a page.
pub(super) struct Links {
    /// What relative addresses resolve against.
    pub(super) base: Url,
    /// True if the base is a `<base>` element's.
    pub(super) own_base: bool,
    /// In document order.
    pub(super) all: Vec<Link>,
    /// Distinct addresses.
    pub(super) targets: Vec<Target>,
    /// The subjects that the page sorts its posts by, in small letters.
    pub(super) subjects: HashSet<String>,
    /// For each node of the tree, the target of the link that it is, if any.
    by_node: Vec<Option<u32>>,
}

impl Links {
    /// Collects the links of `tree`, found at `url`.
    pub(super) fn new(tree: &Tree<'_>, url: &Url, base: Option<Url>) -> Self {
        let own_base = base.is_some();
        let base = base.unwrap_or_else(|| url.clone());
        let mut links = Self {
            base,
            own_base,
            all: Vec::new(),
            targets: Vec::new(),
            subjects: HashSet::new(),
            by_node: vec![None; tree.nodes.len()],
        };
        let page_key = address::key(url);
        let mut by_key: HashMap<String, usize> = HashMap::new();
        for i in 0..tree.nodes.len() {
            if tree.name(i) != "a" {
                continue;
            }
            let Some(href) = tree.attr(i, "href").map(str::trim) else {
                continue;
            };
            if href.is_empty() {
                continue;
            }
            let Ok(to) = links.base.join(href) else {
                continue;
            };
            if !matches!(to.scheme(), "http" | "https") {
                continue;
            }
            let mut folded = address::key(&to);
            let is_paid = tree
                .attr(i, "rel")
                .is_some_and(|rel| rel.split_whitespace().any(|word| word == "sponsored"));
            let within = href.starts_with('#') || folded == page_key;
            if within {
                let Some(part) = to
                    .fragment()
                    .filter(|part| own_parts::is_post(tree, i, part))
                else {
                    continue;
                };
                folded = format!("{page_key}#{part}");
            }
            let target = *by_key.entry(folded.clone()).or_insert_with(|| {
                links.targets.push(Target {
                    within,
                    utility: is_paid || !within && address::is_utility(&to, url),
                    same_host: address::host(&to) == address::host(url),
                    path: PathSigns::of(&to, url),
                    key: folded,
                    url: to,
                });
                links.targets.len() - 1
            });
            links.by_node[i] = u32::try_from(target).ok();
            links.all.push(Link { node: i, target });
        }
        links.mark_called(tree, url);
        let own = |i: usize| {
            let target = &links.targets[links.at(i)?.target];
            target.same_host.then_some(&target.url)
        };
        links.subjects = subjects::collect(tree, own);
        links
    }

    /// What only counts and calls lead to ("3 comments", "More") is no post if its address speaks of comments, or is that of
    /// `page` with another query and no call to read: the next page of the list.
    fn mark_called(&mut self, tree: &Tree<'_>, page: &Url) {
        let mut only_called: Vec<bool> = self
            .targets
            .iter()
            .map(|target| {
                address::says_comments(&target.url)
                    || target.same_host && !target.within && target.url.path() == page.path()
            })
            .collect();
        for link in &self.all {
            if only_called[link.target] {
                let text = tree.text(tree.extent(link.node));
                only_called[link.target] = words::is_call(&text)
                    && (!words::says_read(&text)
                        || address::says_comments(&self.targets[link.target].url));
            }
        }
        for (target, called) in self.targets.iter_mut().zip(only_called) {
            target.utility |= called;
        }
    }

    /// The link that node `i` is.
    pub(super) fn at(&self, i: usize) -> Option<Link> {
        let target = (*self.by_node.get(i)?)? as usize;
        Some(Link { node: i, target })
    }

    /// True if the post at `target` stands in the folder that is the address `folder`: "/sea/" of "/sea/the-lamp".
    pub(super) fn is_folder_of(&self, folder: usize, target: usize) -> bool {
        let (Some(folder), Some(post)) = (self.targets.get(folder), self.targets.get(target))
        else {
            return false;
        };
        let path = folder.url.path().trim_end_matches('/');
        !folder.utility
            && folder.url.query().is_none()
            && address::host(&folder.url) == address::host(&post.url)
            && post
                .url
                .path()
                .strip_prefix(path)
                .is_some_and(|rest| !path.is_empty() && rest.starts_with('/') && rest.len() > 1)
    }

    /// The folded form of an address as written on this page.
    pub(super) fn key_of(&self, href: &str) -> Option<String> {
        self.base
            .join(href.trim())
            .ok()
            .map(|url| address::key(&url))
    }
}
