//! GenNet's topology: a csv whose rows are paths, with an index and a name for each layer.
//!
//! Two of the layers give pairs. Names are the key; indices are only checked, one a name and
//! one name an index, so that a file whose rows were shifted is seen. A pair on several rows,
//! one for each path through it, is one edge.

use rustc_hash::FxHashMap;

use crate::language::diagnostics::Diagnostics;
use crate::language::spec::Format;

use super::error::{self, Faults};
use super::gather::Pairs;
use super::names::Names;
use super::table::{header, read_columns};
use super::types::Incidence;
use super::values;

const HELP: &str = "each node of a layer has one name and one index; indices count from 0 without gaps";

/// Which layers, and which columns hold weights and signs.
#[derive(Clone, Copy)]
pub(super) struct Layers<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub weight: Option<&'a str>,
    pub sign: Option<&'a str>,
}

/// Reads the pairs between two layers.
///
/// # Errors
/// `E0302` for ragged rows, empty names, indices that are out of range or do not agree with the
/// names, and a file without these layers; `E0303` for a missing column, `E0404` for a pair with two values.
pub(super) fn read(text: &str, file: &str, layers: Layers<'_>) -> Result<Incidence, Diagnostics> {
    let header = header(text);
    for level in [layers.from, layers.to] {
        let has = |what: &str| header.iter().any(|column| *column == format!("{level}_{what}"));
        if !has("node") && !has("name") {
            let levels: Vec<&str> = header.iter().filter_map(|column| column.strip_suffix("_name")).collect();
            return Err(error::no_such_level(file, level, &levels).into());
        }
    }
    let columns = [layers.from, layers.to].map(|level| [format!("{level}_node"), format!("{level}_name")]);
    let mut wanted: Vec<&str> = columns.iter().flatten().map(String::as_str).collect();
    wanted.extend(layers.weight.into_iter().chain(layers.sign));
    let mut pairs = Pairs::default();
    let mut nodes = [Nodes::default(), Nodes::default()];
    read_columns(text, Format::Csv, file, &wanted, |line, fields| {
        for ((nodes, [index_column, name_column]), given) in
            nodes.iter_mut().zip(&columns).zip(fields.chunks(2))
        {
            if given[1].is_empty() {
                return Err(format!("column `{name_column}` is empty"));
            }
            nodes.add(index_column, given[0], given[1], line)?;
        }
        let weight = layers.weight.map(|column| values::weight(column, fields[4])).transpose()?;
        let sign = layers.sign.map(|column| values::sign(column, fields[fields.len() - 1])).transpose()?;
        let (target, _) = pairs.target(fields[3]);
        pairs.add(fields[1], target, line);
        pairs.value(weight, sign);
        Ok(())
    })?;
    let mut faults = Faults::default();
    for (nodes, level) in nodes.iter().zip([layers.from, layers.to]) {
        // Indices of the first layer are columns of GenNet's genotypes, of which some may be unused.
        if level != "layer0" {
            nodes.out_of_range(level, &mut faults);
        }
    }
    if let Some(found) = faults.into_diagnostic(file, HELP) {
        return Err(found.into());
    }
    let (found, conflicts) = pairs.finish();
    conflicts.into_diagnostic(file).map_or(Ok(found), |conflict| Err(conflict.into()))
}

/// The nodes of a layer: which index is which name.
#[derive(Default)]
struct Nodes {
    names: Names,
    /// For each name its index and the line that gave it.
    given: Vec<(u32, u32)>,
    name_of: FxHashMap<u32, u32>,
}

impl Nodes {
    fn add(&mut self, column: &str, index: &str, name: &str, line: u32) -> Result<(), String> {
        let index: u32 = index.trim().parse().map_err(|_| {
            format!("`{index}` in column `{column}` is no index of a node, which count from 0")
        })?;
        let (named, is_new) = self.names.index_of(name);
        if is_new {
            self.given.push((index, line));
        }
        let (earlier, first_line) = self.given[named as usize];
        if earlier != index {
            return Err(format!(
                "`{name}` has the index {index} here and {earlier} in line {first_line} (column `{column}`)"
            ));
        }
        let known = *self.name_of.entry(index).or_insert(named);
        if known != named {
            let (_, first_line) = self.given[known as usize];
            let other = self.names.get(known);
            return Err(format!(
                "index {index} is `{name}` here and `{other}` in line {first_line} (column `{column}`)"
            ));
        }
        Ok(())
    }

    fn out_of_range(&self, level: &str, faults: &mut Faults) {
        let count = self.names.len();
        for (named, (index, line)) in self.given.iter().enumerate() {
            if *index as usize >= count {
                let name = self.names.get(named as u32);
                let last = count - 1;
                faults.add(
                    *line,
                    format!(
                        "`{name}` has the index {index}, and the {count} nodes of {level} are 0 to {last}"
                    ),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::tests::told;

    const LAYERS: Layers<'static> = Layers { from: "layer0", to: "layer1", weight: None, sign: None };
    const HEADER: &str = "chr,layer0_node,layer0_name,layer1_node,layer1_name,layer2_node,layer2_name\n";

    fn refused(rows: &str, layers: Layers<'_>) -> String {
        let found = read(&format!("{HEADER}{rows}"), "f.csv", layers).expect_err("is refused");
        told(&found)
    }

    #[test]
    fn a_pair_of_several_paths_is_one_edge() {
        let rows = "1,0,rs1,0,A,0,P\n1,7,rs2,0,A,0,P\n1,3,rs3,1,B,0,P\n1,0,rs1,1,B,0,P\n";
        let found = read(&format!("{HEADER}{rows}"), "f.csv", LAYERS).expect("reads");
        assert_eq!(found.sources, ["rs1", "rs2", "rs3"]);
        assert_eq!((found.members, found.offsets, found.folded), (vec![0, 1, 2, 0], vec![0, 2, 4], 0));
        let upper = Layers { from: "layer1", to: "layer2", ..LAYERS };
        let found = read(&format!("{HEADER}{rows}"), "f.csv", upper).expect("reads");
        assert_eq!((found.members, found.folded), (vec![0, 1], 2));
        assert_eq!(found.folded_examples[0], ("A".to_owned(), "P".to_owned(), 3));
    }

    #[test]
    fn indices_and_names_must_agree() {
        assert!(refused("1,0,rs1,0,A,0,P\n1,0,rs2,0,A,0,P\n", LAYERS).contains("f.csv:3: index 0 is `rs2`"));
        assert!(
            refused("1,0,rs1,0,A,0,P\n1,1,rs2,1,A,0,P\n", LAYERS).contains("`A` has the index 1 here and 0")
        );
        let gap = refused("1,0,rs1,0,A,0,P\n1,1,rs2,5,B,0,P\n", LAYERS);
        assert!(gap.contains("f.csv:3: `B` has the index 5, and the 2 nodes of layer1 are 0 to 1"), "{gap}");
        for wrong in ["-1", "x", "1.0", "", "99999999999"] {
            let found = refused(&format!("1,{wrong},rs1,0,A,0,P\n"), LAYERS);
            assert!(found.contains("column `layer0_node` is no index"), "{found}");
        }
        assert!(refused("1,0,,0,A,0,P\n", LAYERS).contains("column `layer0_name` is empty"));
    }

    #[test]
    fn layers_that_are_not_there_are_named() {
        let found = refused("1,0,rs1,0,A,0,P\n", Layers { to: "layer3", ..LAYERS });
        assert!(found.contains("`layer3_node`") && found.contains("`layer0`, `layer1`, `layer2`"), "{found}");
        let half =
            read("layer0_node,layer0_name,layer1_name\n0,a,b\n", "f", LAYERS).expect_err("lacks a column");
        assert_eq!(half.iter().next().map(|d| d.code.name()), Some("E0303"));
    }
}
