//! Values of nodes as a table: a row a network and individual, a column a node.

use super::tables::cell;
use crate::study::explain::NodeValues;
use rustc_hash::FxHashMap;

/// The nodes of one network on some individuals.
#[derive(Clone, Debug)]
pub struct OfNetwork {
    /// The model's place: `r1-f2`, or `final`.
    pub model: String,
    /// Which of the model's networks, from 1.
    pub network: usize,
    /// Family and name of each individual.
    pub individuals: Vec<(String, String)>,
    /// All nodes.
    pub nodes: Vec<NodeValues>,
}

/// `model network FID IID`, then `LAYER:NODE`, a node of several units as `LAYER:NODE.1` and on; nodes in the order
/// in which networks have them, `NA` where a network does not.
#[must_use]
pub fn node_values_tsv(networks: &[OfNetwork]) -> String {
    let mut order: Vec<String> = Vec::new();
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    for title in networks.iter().flat_map(|network| &network.nodes).flat_map(titles) {
        places.entry(title).or_insert_with_key(|title| {
            order.push(title.clone());
            order.len() - 1
        });
    }
    let mut text = String::from("model\tnetwork\tFID\tIID");
    order.iter().for_each(|title| text += &format!("\t{title}"));
    text.push('\n');
    for network in networks {
        let mut columns: Vec<Option<&[f32]>> = vec![None; order.len()];
        for node in &network.nodes {
            for (title, values) in titles(node).zip(&node.units) {
                columns[places[&title]] = Some(values);
            }
        }
        for (at, (family, individual)) in network.individuals.iter().enumerate() {
            let (family, individual) = (cell(family), cell(individual));
            text += &format!("{}\t{}\t{family}\t{individual}", network.model, network.network);
            for values in &columns {
                text += &values.map_or("\tNA".to_string(), |values| format!("\t{}", values[at]));
            }
            text.push('\n');
        }
    }
    text
}

fn titles(node: &NodeValues) -> impl Iterator<Item = String> + '_ {
    let name = format!("{}:{}", cell(&node.layer), cell(&node.node));
    let several = node.units.len() > 1;
    (1..=node.units.len()).map(move |unit| if several { format!("{name}.{unit}") } else { name.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_joined_by_nodes() {
        let node = |node: &str, units: &[&[f32]]| NodeValues {
            layer: "gene".into(),
            node: node.into(),
            units: units.iter().map(|unit| unit.to_vec()).collect(),
        };
        let of = |network: usize, nodes: Vec<NodeValues>| OfNetwork {
            model: "r1-f1".to_string(),
            network,
            individuals: vec![("f".to_string(), "a".to_string()), ("f".to_string(), "b".to_string())],
            nodes,
        };
        let one = of(1, vec![node("A", &[&[0.5, 1.0]]), node("B", &[&[1.0, 2.0], &[3.0, 4.0]])]);
        let other = of(2, vec![node("C", &[&[-1.0, 0.25]]), node("A", &[&[7.0, 8.0]])]);
        assert_eq!(
            node_values_tsv(&[one, other]),
            "model\tnetwork\tFID\tIID\tgene:A\tgene:B.1\tgene:B.2\tgene:C\n\
             r1-f1\t1\tf\ta\t0.5\t1\t3\tNA\n\
             r1-f1\t1\tf\tb\t1\t2\t4\tNA\n\
             r1-f1\t2\tf\ta\t7\tNA\tNA\t-1\n\
             r1-f1\t2\tf\tb\t8\tNA\tNA\t0.25\n"
        );
    }
}
