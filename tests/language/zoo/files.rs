//! The files of the zoo, read without the compiler, and terms of a hierarchy counted by hand.
//!
//! Each reader is a few lines of its own, so that a fault of binnc's readers cannot hide here.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use binnc::io::{Disk, World};

/// Pairs of names, from the one that is read to the one that reads it.
pub(super) type Pairs = BTreeSet<(String, String)>;

/// The text of a file in `specs/zoo/data`, unpacked.
pub(super) fn text(name: &str) -> String {
    let bytes = Disk.read(&Path::new("specs/zoo/data").join(name)).expect("a file of the zoo");
    let mut unpacked = String::new();
    if name.ends_with(".gz") {
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut unpacked).expect("it unpacks");
        unpacked
    } else {
        String::from_utf8(bytes).expect("text")
    }
}

/// Two columns of a file, after so many lines of header.
pub(super) fn columns(name: &str, header: usize, split: char, from: usize, to: usize) -> Pairs {
    let text = text(name);
    let fields = text.lines().skip(header).map(|line| line.split(split).collect::<Vec<_>>());
    fields.map(|fields| (fields[from].to_string(), fields[to].to_string())).collect()
}

/// Tab-separated pairs with a header.
pub(super) fn table(name: &str) -> Pairs {
    columns(name, 1, '\t', 0, 1)
}

/// Tab-separated pairs without one.
pub(super) fn edges(name: &str) -> Pairs {
    columns(name, 0, '\t', 0, 1)
}

/// Member and set of a GMT file.
pub(super) fn gmt(name: &str) -> Pairs {
    let text = text(name);
    let sets = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    sets.flat_map(|set| set[2..].iter().map(|m| (m.to_string(), set[0].to_string())).collect::<Vec<_>>())
        .collect()
}

/// How many columns a table has beside the key.
pub(super) fn measured(name: &str) -> usize {
    text(name).lines().next().expect("a header").split('\t').count() - 1
}

pub(super) fn sources(pairs: &Pairs) -> BTreeSet<String> {
    pairs.iter().map(|(source, _)| source.clone()).collect()
}

pub(super) fn targets(pairs: &Pairs) -> BTreeSet<String> {
    pairs.iter().map(|(_, target)| target.clone()).collect()
}

/// What a layer with a hierarchy holds: memberships, edges child → parent, terms by level.
pub(super) struct Terms {
    pub members: Pairs,
    pub edges: Pairs,
    pub levels: BTreeMap<usize, usize>,
}

impl Terms {
    pub(super) fn count(&self) -> usize {
        self.levels.values().sum()
    }
}

/// Cuts a hierarchy at `depth` levels below what has no parent. Members of terms below the cut go to
/// the nearest ancestors above it, and with `propagate` all members to all ancestors.
pub(super) fn terms(hierarchy: &Pairs, members: &Pairs, depth: usize, propagate: bool) -> Terms {
    let parents = |term: &String| -> Vec<String> {
        hierarchy.iter().filter(|(child, _)| child == term).map(|(_, parent)| parent.clone()).collect()
    };
    let all: BTreeSet<String> = sources(hierarchy).union(&targets(hierarchy)).cloned().collect();
    let level = levels(&all, hierarchy);
    let mut placed = Pairs::new();
    for (gene, term) in members {
        let mut front = BTreeSet::from([term.clone()]);
        while !front.is_empty() {
            let kept: Vec<String> = front.iter().filter(|term| level[*term] <= depth).cloned().collect();
            let done = !kept.is_empty() && !propagate;
            placed.extend(kept.into_iter().map(|term| (gene.clone(), term)));
            front = if done { BTreeSet::new() } else { front.iter().flat_map(parents).collect() };
        }
    }
    let mut kept = targets(&placed);
    let mut front = kept.clone();
    while !front.is_empty() {
        front = front.iter().flat_map(parents).filter(|term| level[term] <= depth).collect();
        front.retain(|term| kept.insert(term.clone()));
    }
    let edges = hierarchy.iter().filter(|(child, parent)| kept.contains(child) && kept.contains(parent));
    let edges: Pairs = edges.cloned().collect();
    let mut counts = BTreeMap::new();
    for level in levels(&kept, &edges).values() {
        *counts.entry(*level).or_default() += 1;
    }
    Terms { members: placed, edges, levels: counts }
}

/// Steps down from the terms without a parent, which are level 1.
fn levels(all: &BTreeSet<String>, hierarchy: &Pairs) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let children = sources(hierarchy);
    let mut front: BTreeSet<String> = all.difference(&children).cloned().collect();
    for level in 1.. {
        if front.is_empty() {
            break;
        }
        front.iter().for_each(|term| {
            found.insert(term.clone(), level);
        });
        let below = hierarchy.iter().filter(|(_, parent)| front.contains(parent));
        front = below.map(|(child, _)| child.clone()).filter(|child| !found.contains_key(child)).collect();
    }
    found
}
