//! Other content: posts that come and go, other lists beside them, no list at all.

use chrono::{Days, NaiveDate};
use url::Url;

use super::dates;
use super::markup::{items_renamed, items_wrapped, list, rename};
use super::page::{Item, Page, Post, letters};
use super::tree::{self, Element, Node};

/// As many posts are added at most.
const MOST_NEW: usize = 30;
/// A text of more letters is an excerpt.
const LONG: usize = 40;

/// A page with what is new in it.
pub(super) type Grown = (Element, Vec<Post>);

/// Every second post is gone, and as many new ones stand on top.
pub(super) fn half_new(page: &Page) -> Option<Grown> {
    grown(page, page.items.len() / 2, &|at| at % 2 == 0)
}

/// All but one are gone, and as many new ones stand on top.
pub(super) fn nearly_all_new(page: &Page) -> Option<Grown> {
    if !(3..=MOST_NEW + 1).contains(&page.items.len()) {
        return None;
    }
    grown(page, page.items.len() - 1, &|at| at == 0)
}

/// One new post on top, in other markup under other class names.
pub(super) fn redesigned_with_one_new(page: &Page) -> Option<Grown> {
    let (tree, new) = grown(page, 1, &|_| true)?;
    let mut posts = new.clone();
    posts.extend(page.posts.iter().cloned());
    let mut next = Page::new(page.url.clone(), tree.html(), posts);
    if next.items.len() <= page.items.len() {
        return None;
    }
    for change in [items_wrapped, items_renamed] {
        if let Some(tree) = change(&next) {
            next = Page::new(page.url.clone(), tree.html(), next.posts);
        }
    }
    rename(&mut next.tree);
    Some((next.tree, new))
}

/// The posts have moved to other addresses.
pub(super) fn addresses_changed(page: &Page) -> Option<Element> {
    let mut tree = page.tree.clone();
    without_data(&mut tree);
    tree.walk(&mut |node| {
        if let Node::Element(element) = node
            && let Some(post) = page.leads_to(element)
        {
            let old = &page.posts[post].url;
            let slug = old
                .path_segments()
                .and_then(|mut it| it.rfind(|part| !part.is_empty() && !part.starts_with("index.")))
                .unwrap_or("it");
            let mut new = old.clone();
            new.set_path(&format!("/journal/of/old/{slug}-{post}/"));
            new.set_query(None);
            set(element, "href", new.as_str());
        }
    });
    (!page.items.is_empty()).then_some(tree)
}

/// Courses above the posts.
pub(super) fn promotions(page: &Page) -> Option<Element> {
    let under = page.url.join("/shop/").ok()?;
    before_list(page, &offers(under.as_str()))
}

/// Courses of another site above the posts.
pub(super) fn promotions_elsewhere(page: &Page) -> Option<Element> {
    before_list(page, &offers("https://academy.example/learn/"))
}

/// Courses of another site in the very markup of the posts, above them.
pub(super) fn promotions_as_posts(page: &Page) -> Option<Element> {
    let mut tree = page.tree.clone();
    let template = *templates(page).first()?;
    let host = page.url.host_str();
    // where posts lead to other sites, an offer that looks like them is one of them
    if page.posts.iter().any(|post| post.url.host_str() != host) {
        return None;
    }
    let parent = &mut tree.at_mut(&template.parent).children;
    let first = page.items.iter().find(|it| it.parent == template.parent)?;
    let ads: Vec<Node> = (1..=3)
        .rev()
        .map(|at| {
            let url = format!("https://academy.example/learn/offer-{at}");
            let title = format!("Offer {at}: learn it all in a week");
            clone(page, template, &title, &url, None)
        })
        .collect::<Option<Vec<_>>>()?
        .concat();
    parent.splice(first.begin..first.begin, ads);
    Some(tree)
}

/// The list is gone, with its element and every other link to a post.
pub(super) fn list_removed(page: &Page) -> Option<Element> {
    let (path, begin, end) = list(page)?;
    let mut tree = page.tree.clone();
    let note = vec![Node::Text("Something else is here now.".to_owned())];
    tree.at_mut(&path)
        .children
        .splice(begin..end, [Node::element("p", "", note)]);
    forget_posts(page, &mut tree);
    Some(tree)
}

/// The posts are gone, with every other link to them; what held them stays.
pub(super) fn items_removed(page: &Page) -> Option<Element> {
    let mut tree = page.tree.clone();
    for item in page.items.iter().rev() {
        let children = &mut tree.at_mut(&item.parent).children;
        children.drain(item.begin..item.end);
    }
    forget_posts(page, &mut tree);
    (!page.items.is_empty()).then_some(tree)
}

/// The page asks for a password.
#[expect(
    clippy::unnecessary_wraps,
    reason = "changes are functions of one kind"
)]
pub(super) fn login(_: &Page) -> Option<Element> {
    Some(tree::parse(LOGIN))
}

/// The page says that it has moved.
#[expect(
    clippy::unnecessary_wraps,
    reason = "changes are functions of one kind"
)]
pub(super) fn moved(_: &Page) -> Option<Element> {
    Some(tree::parse(MOVED))
}

/// The page with up to `count` new posts on top of the list, and only those of the old ones that `stays` says.
fn grown(page: &Page, count: usize, stays: &dyn Fn(usize) -> bool) -> Option<Grown> {
    let templates = templates(page);
    let newest = page.posts.iter().filter_map(|post| post.day).max();
    let mut new = Vec::new();
    let mut nodes = Vec::new();
    for at in (1..=count.clamp(1, MOST_NEW)).rev() {
        let template = *templates.get(at % templates.len().max(1))?;
        let old = &page.posts[template.post];
        let has_date = |day: &NaiveDate| dates::find(page.nodes(template), *day).is_some();
        let day = newest
            .filter(|_| old.day.as_ref().is_some_and(has_date))
            .and_then(|day| day.checked_add_days(Days::new(at as u64)));
        let title = format!("A brand new thought, number {at}");
        let url = sister(&old.url, at)?;
        nodes.extend(clone(page, template, &title, url.as_str(), day)?);
        new.push(Post {
            url,
            title,
            day,
            summary: String::new(),
        });
    }
    let parent = &templates.first()?.parent;
    let mut tree = page.tree.clone();
    for (at, item) in page.items.iter().enumerate().rev() {
        let children = &mut tree.at_mut(&item.parent).children;
        if !stays(at) && page.items.len() > 1 {
            children.drain(item.begin..item.end);
        }
        let is_first = at == 0 || page.items[at - 1].parent != item.parent;
        if is_first && item.parent == *parent {
            children.splice(item.begin..item.begin, std::mem::take(&mut nodes));
        }
    }
    without_data(&mut tree);
    Some((tree, new))
}

/// The items that new ones are made from: of one list, and looking as most do, for a first one may be featured.
fn templates(page: &Page) -> Vec<&Item> {
    let look = |item: &Item| match page.nodes(item).first() {
        Some(Node::Element(element)) => (
            element.name.as_str(),
            element.attribute("class").unwrap_or_default(),
        ),
        _ => ("", ""),
    };
    let alike = |item: &Item| {
        let own = look(item);
        page.items.iter().filter(|it| look(it) == own).count()
    };
    let most = page.items.iter().map(alike).max().unwrap_or(0);
    let mut usual = page.items.iter().filter(|it| alike(it) == most).peekable();
    let parent = usual.peek().map(|it| &it.parent);
    usual.filter(|it| Some(&it.parent) == parent).collect()
}

/// The nodes of a post, made into another one; `None` if its title is not found in them.
fn clone(
    page: &Page,
    item: &Item,
    title: &str,
    url: &str,
    day: Option<NaiveDate>,
) -> Option<Vec<Node>> {
    let post = &page.posts[item.post];
    let mut nodes = page.nodes(item).to_vec();
    if let (Some(old), Some(new)) = (post.day, day) {
        dates::redate(&mut nodes, old, new);
    }
    let (iso, wanted) = (post.day.map(|day| day.to_string()), letters(&post.title));
    let mut found = false;
    for node in &mut nodes {
        node.walk(&mut |node| {
            let Node::Element(element) = node else { return };
            if page.leads_to(element) == Some(item.post) {
                set(element, "href", url);
            }
            element
                .attributes
                .retain(|(name, _)| name != "id" && !name.starts_with("data-"));
            for (_, value) in &mut element.attributes {
                if letters(value) == wanted {
                    title.clone_into(value);
                } else if let (Some(old), Some(new)) = (&iso, day)
                    && value.starts_with(old.as_str())
                {
                    value.replace_range(..old.len(), &new.to_string());
                }
            }
            let own = tree::text(&element.children);
            if letters(&own) == wanted && !own.contains(title) {
                element.children = vec![Node::Text(title.to_owned())];
                found = true;
            }
        });
    }
    for node in &mut nodes {
        node.walk(&mut |node| {
            let Node::Text(text) = node else { return };
            let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if !found && flat.contains(&post.title) {
                *text = flat.replacen(&post.title, title, 1);
                found = true;
            } else if flat.chars().count() > LONG && !flat.contains(title) {
                *text = format!(
                    "All that there is to say of {title}, told in one sentence by the one who wrote it."
                );
            }
        });
    }
    found.then_some(nodes)
}

/// An address beside that of another post.
fn sister(url: &Url, number: usize) -> Option<Url> {
    let mut new = url.clone();
    if let Some(query) = url.query()
        && let Some((before, _)) = query.rsplit_once('=')
        && url
            .path_segments()
            .is_none_or(|mut it| it.all(|part| part.is_empty() || part.contains('.')))
    {
        new.set_query(Some(&format!("{before}=99000{number}")));
        return Some(new);
    }
    let mut parts: Vec<String> = url.path_segments()?.map(str::to_owned).collect();
    let is_file = |part: &str| part.is_empty() || part.starts_with("index.");
    let at = parts.iter().rposition(|part| !is_file(part))?;
    let end = parts[at]
        .rsplit_once('.')
        .filter(|(_, end)| matches!(*end, "html" | "htm" | "php"))
        .map_or(String::new(), |(_, end)| format!(".{end}"));
    parts[at] = format!("brand-new-{number}{end}");
    new.set_path(&parts.join("/"));
    Some(new)
}

/// A site that shows other posts has other data too.
fn without_data(tree: &mut Element) {
    tree.remove(&|node| node.name() == "script");
}

/// Takes out what still leads to a post.
fn forget_posts(page: &Page, tree: &mut Element) {
    without_data(tree);
    tree.remove(&|node| matches!(node, Node::Element(element) if page.leads_to(element).is_some()));
}

fn before_list(page: &Page, nodes: &[Node]) -> Option<Element> {
    let mut tree = page.tree.clone();
    let (path, at) = match list(page) {
        Some((path, begin, _)) => (path, begin),
        None => (tree.find("main").or_else(|| tree.find("body"))?, 0),
    };
    let children = &mut tree.at_mut(&path).children;
    children.splice(at..at, nodes.iter().cloned());
    Some(tree)
}

fn set(element: &mut Element, name: &str, value: &str) {
    for (own, old) in &mut element.attributes {
        if own == name {
            value.clone_into(old);
        }
    }
}

/// A list of courses, as sites put them above their posts.
fn offers(under: &str) -> Vec<Node> {
    let offers: Vec<String> = [
        "Build a search engine in a weekend",
        "Machine learning from the ground up",
        "Ship it: releases without fear",
        "The craft of code review",
    ]
    .iter()
    .zip(1..)
    .map(|(title, at)| {
        format!(
            "<div class=\"offer\"><h3><a href=\"{under}course-{at}\">{title}</a></h3><p>Join many others and learn at your \
             own pace, with exercises and a certificate at the end.</p></div>"
        )
    })
    .collect();
    let html = format!(
        "<section class=\"offers\"><h2>Our courses</h2>{}</section>",
        offers.join("\n")
    );
    let tree = tree::parse(&html);
    tree.find("body")
        .map(|body| tree.at(&body).children.clone())
        .unwrap_or_default()
}

pub(crate) const LOGIN: &str = r#"<!doctype html><html><head><title>Sign in</title></head><body><main class="wrap"><h1>Sign in to go on</h1>
<form action="/login" method="post"><label>Name <input name="name"></label><label>Password <input type="password" name="password"></label>
<button>Sign in</button></form><ul><li><a href="/forgot">Forgot your password?</a></li><li><a href="/join">Become a member</a></li>
<li><a href="/help">Help and contact</a></li></ul></main><footer><a href="/privacy">Privacy</a> <a href="/terms">Terms</a></footer></body></html>"#;

pub(crate) const MOVED: &str = r#"<!doctype html><html><head><title>We have moved</title></head><body><main class="wrap"><h1>We have moved</h1>
<p>This blog has a new home: <a href="https://new-home.example/blog">new-home.example/blog</a>. Please change your bookmarks.</p>
<p>Until then, read our last three announcements:</p><ul><li><a href="https://new-home.example/why">Why we have moved house</a></li>
<li><a href="https://new-home.example/what">What will be better over there</a></li><li><a href="https://new-home.example/how">How to follow us</a></li></ul>
</main></body></html>"#;
