//! I4, I9: every node that is kept has an input below it and an output above it, what is not is
//! listed, and the same text and files give the same network.
//!
//! A random search looks for a spec that breaks the rule; the plan itself is inspected.

use proptest::prelude::*;
use std::collections::BTreeSet;

use binnc::cli::load::{Depth, Loaded, load, open};
use binnc::compiler::plan::{Role, compile, plan_digest};
use binnc::io::MemoryWorld;
use std::path::Path;

use crate::small::{HEAD, PAIRS, codes, compiled, edges_into, refused, variants, world};

fn with_terms(fields: &str) -> String {
    format!(
        "{HEAD}{PAIRS}prior sets from gmt \"sets.gmt\" : gene -> pathway\n\
         prior terms from tsv \"terms.tsv\" : pathway -> pathway {{ source = \"child\"  target = \"parent\" }}\n\
         layer gene : gene\nlayer pathway : pathway {{ hierarchy = terms  {fields} }}\n\
         link snps -> gene via pairs {{ unmatched = ignore }}\n\
         link gene -> pathway via sets {{ unmatched = ignore }}\npredict pheno.yield from pathway.top\n"
    )
}

/// Four genes of one marker each.
const FOUR: &str = "snp\tgene\ns1\tA\ns2\tB\ns3\tC\ns4\tD\n";

/// I4. PathHDNN dropped a gene that was annotated only below or above its cut, and the genes of a term
/// at the cut with a child that stayed; MULGONET built its layers from the first root alone; P-NET
/// padded short branches with copies that shared a name.
#[test]
fn members_of_a_term_that_is_cut_move_and_every_root_counts() {
    let terms = "child\tparent\nmid\troot\nlow\tmid\ndeep\tlow\nside\tsecond\n";
    let sets = "deep\tx\tA\nlow\tx\tB\nmid\tx\tC\nroot\tx\tD\nside\tx\tA\n";
    let files = [("pairs.tsv", FOUR), ("sets.gmt", sets), ("terms.tsv", terms)];
    let (loaded, found) = compiled(world(&variants(4), &files), &with_terms("depth = 2"));
    let wanted = [
        ("A", "mid"),
        ("A", "side"),
        ("B", "mid"),
        ("C", "mid"),
        ("D", "root"),
        ("mid", "root"),
        ("side", "second"),
    ];
    assert_eq!(edges_into(&loaded, "pathway"), wanted.map(|(from, to)| (from.to_string(), to.to_string())));
    let mut names: Vec<&str> = latents(&loaded, "pathway");
    names.sort_unstable();
    assert_eq!(names, ["mid", "root", "second", "side"], "one node a term, no copy");
    let graph = loaded.graph.graph();
    let mut tops: Vec<&str> = graph.heads[0].nodes.iter().map(|node| &*graph.dag[*node].name).collect();
    tops.sort_unstable();
    assert_eq!(tops, ["root", "second"], "the trait reads every root");
    assert_eq!(codes(&found), ["W0413"]);
    assert!(format!("{found:?}").contains("`low`, `deep`"), "{found:?}");
}

fn latents<'a>(loaded: &'a Loaded, layer: &str) -> Vec<&'a str> {
    let own = loaded.plan.segments.iter().filter(|s| s.role == Role::Latent && *s.layer == *layer);
    own.map(|segment| &*segment.name).collect()
}

/// I4. In DrugCell and MOViDA a cycle ended the peeling of leaves early, and the terms in it vanished
/// or failed later; DTox asked for children before parents and did not look.
#[test]
fn a_cycle_is_named_with_its_path_and_order_of_rows_is_no_matter() {
    let sets = "a\tx\tA\nb\tx\tB\n";
    let files = |terms| [("pairs.tsv", FOUR), ("sets.gmt", sets), ("terms.tsv", terms)];
    let cyclic = "child\tparent\na\tb\nb\tc\nc\ta\nc\troot\n";
    let found = refused(world(&variants(4), &files(cyclic)), &with_terms(""));
    assert_eq!(codes(&found), ["E0401"], "{found:?}");
    let text = format!("{found:?}");
    assert!(text.contains("the cycle is b -> c -> a -> b"), "{text}");
    for terms in ["child\tparent\na\tb\nb\troot\n", "child\tparent\nb\troot\na\tb\n"] {
        let (loaded, _) = compiled(world(&variants(4), &files(terms)), &with_terms(""));
        let wanted = [("A", "a"), ("B", "b"), ("a", "b"), ("b", "root")];
        assert_eq!(
            edges_into(&loaded, "pathway"),
            wanted.map(|(from, to)| (from.to_string(), to.to_string()))
        );
    }
}

/// I9. Building the model emptied the caller's graph in DrugCell and MOViDA, so that the second one
/// had no terms; DeepKEGG's nodes came from a set, in another order each time.
#[test]
fn building_twice_gives_the_same_plan() {
    let terms = "child\tparent\nmid\troot\nlow\tmid\n";
    let sets = "low\tx\tA\tB\nmid\tx\tC\nroot\tx\tD\n";
    let built = || {
        let files = [("pairs.tsv", FOUR), ("sets.gmt", sets), ("terms.tsv", terms)];
        compiled(world(&variants(4), &files), &with_terms("")).0
    };
    let first = built();
    assert_eq!(compile(&first.spec, &first.graph, &first.variants), first.plan, "from the graph again");
    for _ in 0..3 {
        let other = built();
        assert_eq!(other.plan, first.plan);
        assert_eq!(plan_digest(&other.plan), plan_digest(&first.plan));
    }
}

/// What files hold, drawn at random: pairs by number.
#[derive(Debug)]
struct Drawn {
    genes: Vec<(u8, u8)>,
    sets: Vec<(u8, u8)>,
    terms: Vec<(u8, u8)>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let pairs = |left, right, count| proptest::collection::vec((0..left, 0..right), count);
    (pairs(14_u8, 9_u8, 8..24), pairs(11_u8, 7_u8, 8..18), pairs(7_u8, 7_u8, 1..9))
        .prop_map(|(genes, sets, terms)| Drawn { genes, sets, terms })
}

impl Drawn {
    /// Twelve of the markers, and nine of the genes, can be known to the other side.
    fn world(&self) -> MemoryWorld {
        let lines = |pairs: &[(u8, u8)], left: &str, right: &str| -> String {
            pairs.iter().map(|(from, to)| format!("{left}{from}\t{right}{to}\n")).collect()
        };
        let genes = format!("snp\tgene\n{}", lines(&self.genes, "s", "G"));
        let sets: String = self.sets.iter().map(|(gene, set)| format!("T{set}\tx\tG{gene}\n")).collect();
        // A child has the larger number, so that there is no cycle.
        let below: Vec<(u8, u8)> = self.terms.iter().filter(|(one, two)| one > two).copied().collect();
        let terms = format!("child\tparent\nT9\tT8\n{}", lines(&below, "T", "T"));
        world(&variants(12), &[("pairs.tsv", &genes), ("sets.gmt", &sets), ("terms.tsv", &terms)])
    }
}

/// The network of a world, if it has one.
fn network(world: MemoryWorld, spec: &str) -> Option<Loaded> {
    let world = world.with("spec.binn", spec);
    let spec = open(&world, Path::new("spec.binn")).expect("the spec is there").spec.expect("it lowers");
    load(&world, spec, Path::new("data"), Depth::Lists).ok().map(|(loaded, _)| loaded)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_global_rejects: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// I4. Units that no data reached gave their bias as a constant in MULGONET, P-NET and DeepKEGG,
    /// KPNN's late pruning left roots that scored 0, PINNet divided an empty node by 0.
    #[test]
    fn nothing_is_kept_that_no_input_reaches_or_no_output_needs(
        drawn in drawn(), depth in 1_usize..4, least in 0_usize..3
    ) {
        let spec = with_terms(&format!("depth = {depth}"));
        let spec = spec.replace("via sets { ", &format!("via sets {{ min_size = {least}  "));
        let loaded = network(drawn.world(), &spec);
        prop_assume!(loaded.is_some(), "some draws match nothing; too many of them fail the test");
        let loaded = loaded.expect("just seen");
        let plan = &loaded.plan;
        let mut read = vec![false; plan.rows];
        for block in &plan.blocks {
            let sources = plan.sources_of(block);
            prop_assert!(!sources.is_empty(), "a unit without an input is a constant");
            for row in sources {
                prop_assert!((*row as usize) < block.first_output, "what is read stands above");
                read[*row as usize] = true;
            }
        }
        for segment in plan.segments.iter().filter(|segment| segment.role != Role::Trait) {
            prop_assert!(read[segment.first_row], "`{}` feeds nothing", segment.name);
        }
        // Every gene with a marker is in the network, or listed among those that are not.
        let kept: BTreeSet<&str> = latents(&loaded, "gene").into_iter().collect();
        let left_out = loaded.graph.graph().pruned.iter().filter(|pruned| pruned.layer == "gene");
        let left_out: BTreeSet<&str> = left_out.map(|pruned| pruned.name.as_str()).collect();
        prop_assert!(kept.is_disjoint(&left_out));
        let known = drawn.genes.iter().filter(|(snp, _)| (1..=12).contains(snp));
        let named: BTreeSet<String> = known.map(|(_, gene)| format!("G{gene}")).collect();
        let told: BTreeSet<String> = kept.union(&left_out).map(ToString::to_string).collect();
        prop_assert_eq!(named, told);
    }
}
