//! Items → cards. Each item is read once, however many candidates it stands in and however often a learnt wrapper is tried.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::card::{self, Card};
use super::context::Context;
use super::item::Item;
use super::links::Links;
use super::settle;
use super::tree::Tree;

/// What was read of the items of one page so far.
pub(super) struct Cards<'r, 'a> {
    /// The page.
    pub(super) tree: &'r Tree<'a>,
    /// Its links.
    pub(super) links: &'r Links,
    /// Its headings of dates.
    pub(super) context: Context,
    read: RefCell<HashMap<Item, Rc<Card>>>,
}

impl<'r, 'a> Cards<'r, 'a> {
    /// Nothing is read yet.
    pub(super) fn new(tree: &'r Tree<'a>, links: &'r Links) -> Self {
        Self {
            tree,
            links,
            context: Context::new(tree),
            read: RefCell::default(),
        }
    }

    /// The cards of the items of one candidate, with what the headings above them say of their dates.
    pub(super) fn of(&self, items: &[Item]) -> Vec<Rc<Card>> {
        let mut cards: Vec<Rc<Card>> = items.iter().map(|item| self.alone(item)).collect();
        self.context
            .complete(self.tree, self.links, items, &mut cards);
        cards
    }

    /// The card of an item, as the item alone tells it.
    pub(super) fn alone(&self, item: &Item) -> Rc<Card> {
        let mut read = self.read.borrow_mut();
        if let Some(card) = read.get(item) {
            return Rc::clone(card);
        }
        let card = Rc::new(card::read(self.tree, self.links, item));
        read.insert(item.clone(), Rc::clone(&card));
        card
    }

    /// How many nodes the items hold that were read so far.
    #[cfg(test)]
    pub(super) fn nodes_read(&self) -> usize {
        self.read.borrow().keys().map(|item| item.range.len()).sum()
    }

    /// Reads given items as a listing of their own.
    pub(super) fn of_listing(&self, items: &[Item]) -> Vec<Rc<Card>> {
        let mut cards = self.of(items);
        settle::settle(&mut cards);
        cards
    }
}
