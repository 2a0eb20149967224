//! Row 89 and its kin: gene sets, ontologies, annotations and intervals with lines that are not theirs.

use crate::folder::Folder;
use crate::frame::{Row, row};

const CHECK: &str = "check panel.binn";
const SETS: &str = "data/sets.gmt";
const GENES: &str = "data/genes.gff3";

pub fn rows() -> Vec<Row> {
    [sets(), terms(), intervals()].into_iter().flatten().collect()
}

fn sets() -> Vec<Row> {
    vec![
        row(89, "a gene set without tabs", |b| b.grow(SETS, "GO:3 sugar g1 g2\n"), CHECK, 1, &["E0302", "sets.gmt:3"]),
        row(89, "a gene set without members", |b| b.grow(SETS, "GO:3\tsugar\n"), CHECK, 1, &["sets.gmt:3"]),
        row(89, "a gene set without a name", |b| b.grow(SETS, "\tsugar\tg1\n"), CHECK, 1, &["E0302", "sets.gmt:3"]),
        row(89, "a gene set named twice", |b| b.grow(SETS, "GO:1\tagain\tg4\n"), CHECK, 0, &["W0318", "sets.gmt:3", "GO:1"]),
        row(89, "a member twice in a set", |b| b.swap(SETS, "g1\tg2", "g1\tg1"), CHECK, 0, &["W0318", "sets.gmt:1"]),
        row(89, "no gene set at all", |b| b.put(SETS, ""), CHECK, 1, &["sets.gmt"]),
        row(89, "links without a header", |b| b.drop_line("data/links.tsv", 1), "check small.binn", 1, &["E0303", "links.tsv:1", "snp"]),
        row(89, "a link without a target", |b| b.line("data/links.tsv", 4, |line| line.split('\t').next().unwrap_or_default().into()), "check small.binn", 1, &["E0302", "links.tsv:4"]),
    ]
}

const OBO: &str = "format-version: 1.2\n\n[Term]\nid: GO:1\nname: one\n\n[Term]\nid: GO:2\nname: two\nis_a: GO:1 ! one\n\n\
    [Term]\nid: GO:9\nname: old\nis_obsolete: true\nreplaced_by: GO:2\n";

fn with_tree(b: &Folder, format: &str, name: &str, text: &str) {
    b.put(name, text);
    b.swap("panel.binn", "layer pathway : pathway", "layer pathway : pathway { hierarchy = tree }");
    b.grow("panel.binn", format!("prior tree from {format} \"{name}\" : pathway -> pathway\n"));
}

fn with_annotations(b: &Folder, text: &str) {
    b.put("data/genes.gaf", text);
    b.swap("panel.binn", "gmt \"data/sets.gmt\"", "gaf \"data/genes.gaf\"");
}

fn terms() -> Vec<Row> {
    let obsolete = |b: &Folder| {
        b.swap(SETS, "GO:1", "GO:9");
        with_tree(b, "obo", "data/go.obo", OBO);
    };
    vec![
        row(89, "a set of an obsolete term", obsolete, CHECK, 0, &["W0322", "GO:9", "GO:2"]),
        row(89, "an ontology whose term has no id", |b| with_tree(b, "obo", "data/go.obo", &OBO.replacen("id: GO:2\n", "", 1)), CHECK, 1, &["E0302", "go.obo:7"]),
        row(89, "an ontology with an id twice", |b| with_tree(b, "obo", "data/go.obo", &OBO.replacen("id: GO:2", "id: GO:1", 1)), CHECK, 1, &["go.obo"]),
        row(89, "a Reactome list with one column", |b| with_tree(b, "reactome", "data/tree.txt", "GO:1\tGO:2\nGO:2\n"), CHECK, 1, &["E0302", "tree.txt:2"]),
        row(89, "annotations with columns missing", |b| with_annotations(b, "!gaf-version: 2.2\nDB\tg1\tg1\n"), CHECK, 1, &["E0302", "genes.gaf:2"]),
    ]
}

fn intervals() -> Vec<Row> {
    let line = |text: &'static str| move |b: &Folder| b.grow(GENES, text);
    vec![
        row(89, "a gene with columns missing", line("1\tmade\tgene\t5\t9\n"), CHECK, 1, &["E0302", "genes.gff3:10"]),
        row(89, "a gene whose start is a word", line("1\tmade\tgene\tfive\t9\t.\t+\t.\tID=x\n"), CHECK, 1, &["E0302", "genes.gff3:10", "five"]),
        row(89, "a gene that ends before it starts", line("1\tmade\tgene\t9\t5\t.\t+\t.\tID=x\n"), CHECK, 1, &["E0302", "genes.gff3:10"]),
        row(89, "a gene without the id that is asked for", line("1\tmade\tgene\t5\t9\t.\t+\t.\tName=x\n"), CHECK, 1, &["genes.gff3:10", "ID"]),
        row(
            89,
            "genes on contigs of other names",
            |b| {
                b.put(
                    GENES,
                    b.text(GENES)
                        .replace("\n1\t", "\nchr1\t")
                        .replace("\n2\t", "\nchr2\t")
                        .replace("\n3\t", "\nchr3\t")
                        .replace("\n4\t", "\nchr4\t"),
                )
            },
            CHECK,
            1,
            &["E0311", "strip(\"chr\")"],
        ),
    ]
}
