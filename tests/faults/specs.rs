//! Rows 68 to 88: the text of a spec in both notations, its imports, and what it could do to a reader.

use crate::folder::Folder;
use crate::frame::{Row, Said, own, row};
use std::fmt::Write;
use std::os::unix::fs::symlink;

const CHECK: &str = "check small.binn";
const YAML: &str = "check small.yaml";
const SPEC: &str = "small.binn";

pub fn rows() -> Vec<Row> {
    let groups = [names(), cycles(), left_over(), letters(), depth(), yaml_alone(), imports(), shown()];
    groups.into_iter().flatten().collect()
}

fn spec(from: &'static str, to: &'static str) -> impl Fn(&Folder) {
    move |b: &Folder| b.swap(SPEC, from, to)
}

fn yaml(from: &'static str, to: &'static str) -> impl Fn(&Folder) {
    move |b: &Folder| b.swap("small.yaml", from, to)
}

fn more(text: &'static str) -> impl Fn(&Folder) {
    move |b: &Folder| b.grow(SPEC, text)
}

fn names() -> Vec<Row> {
    vec![
        row(68, "a field that there is not", spec("epochs", "epoch"), "run small.binn", 8, &["E0104", "small.binn:15:9", "`epochs`"]),
        row(68, "a keyword that there is not", spec("layer metabolite", "layr metabolite"), CHECK, 1, &["E0101", "small.binn:9", "layer"]),
        row(68, "a field that there is not, in YAML", yaml("epochs", "epoch"), YAML, 1, &["E0104", "small.yaml:", "`epochs`"]),
        row(68, "a word that there is not", spec("column auxin : continuous", "column auxin : continous"), CHECK, 1, &["E0504", "small.binn:6", "continuous"]),
        row(69, "a field twice", spec("epochs = 2", "epochs = 2  epochs = 3"), CHECK, 1, &["E0103", "small.binn:15"]),
        row(69, "a field twice, in YAML", yaml("epochs: 2", "epochs: 2, epochs: 3"), YAML, 1, &["E0103", "small.yaml:"]),
        row(69, "a node twice", more("node integrator : other\n"), CHECK, 1, &["E0202", "small.binn:10", "small.binn:16"]),
        row(69, "an edge twice in a spec", more("node twin : t\nlink integrator, integrator -> twin\nlink twin -> extra\nnode extra : t\n"), CHECK, 0, &["W0403", "small.binn:17", "`integrator` -> `twin`"]),
        row(
            69,
            "a link twice in a file",
            |b| {
                b.grow(
                    "data/links.tsv",
                    b.text("data/links.tsv").lines().nth(1).expect("a link").to_string() + "\n",
                )
            },
            CHECK,
            0,
            &["W0403"],
        ),
        row(71, "a link to a node that there is not", spec("-> integrator", "-> integrater"), CHECK, 1, &["E0201", "small.binn:12:20", "`integrator`"]),
        row(71, "a trait from a node that there is not", spec("from integrator", "from head"), CHECK, 1, &["E0201", "small.binn:13"]),
        row(71, "a link to a node that there is not, in YAML", yaml("to: integrator", "to: integrater"), YAML, 1, &["E0201", "small.yaml:", "`integrator`"]),
    ]
}

fn cycles() -> Vec<Row> {
    vec![
        row(70, "a cycle of two nodes", more("link integrator -> metabolite\n"), CHECK, 1, &["E0401", "small.binn:16", "metabolite -> integrator -> metabolite"]),
        row(70, "a cycle of three nodes", more("node a, b : t\nlink integrator -> a\nlink a -> b\nlink b -> integrator\n"), CHECK, 1, &["E0401", "integrator"]),
        row(70, "a node that reads itself", more("link integrator -> integrator\n"), CHECK, 1, &["E0402", "small.binn:16"]),
        row(70, "terms that are their own ancestors", terms, "check panel.binn", 1, &["E0401", "tree.tsv"]),
    ]
}

fn terms(b: &Folder) {
    b.put("data/tree.tsv", "child\tparent\nGO:1\tGO:2\nGO:2\tGO:1\n");
    b.swap("panel.binn", "layer pathway : pathway", "layer pathway : pathway { hierarchy = tree }");
    b.grow(
        "panel.binn",
        "prior tree from tsv \"data/tree.tsv\" : pathway -> pathway { source = child  target = parent }\n",
    );
}

fn left_over() -> Vec<Row> {
    let far = |b: &Folder| b.put("data/genes.gff3", b.text("data/genes.gff3").replacen("ID=g1", "ID=h1", 1));
    let reversed =
        |b: &Folder| b.swap(SPEC, "source = snp  target = metabolite", "source = metabolite  target = snp");
    vec![
        row(72, "a node that nothing reads", more("node idle : t\nlink metabolite -> idle\n"), CHECK, 0, &["W0406", "idle"]),
        row(72, "a node that reads nothing", more("node idle : t\nlink idle -> integrator\n"), CHECK, 0, &["W0407", "idle"]),
        row(72, "a gene without variants and a set without genes", far, "check panel.binn", 0, &["W0307", "g1"]),
        row(72, "a set all of whose genes are unknown", |b| b.swap("data/sets.gmt", "\tg1\tg2\tg3", "\tx1\tx2\tx3"), "check panel.binn", 0, &["W0307", "x1"]),
        row(72, "a trait that no variant reaches", spec("link snps -> metabolite via qtn\n", ""), CHECK, 1, &["E0408"]),
        row(73, "a prior the wrong way round", reversed, CHECK, 1, &["E0411", "small.binn:11", "`qtn`", "swap"]),
        row(74, "a row of a topology file cut short", |b| topology(b, "layer0_node,layer0_name,layer1_node,layer1_name\n0,m1_1\n"), CHECK, 1, &["E0302", "topology.csv:2"]),
        row(74, "a topology file with an index that is none", |b| topology(b, "layer0_node,layer0_name,layer1_node,layer1_name\n-1,m1_1,0,auxin\n"), CHECK, 1, &["topology.csv:2"]),
        row(
            74,
            "a topology file whose index has two names",
            |b| {
                topology(
                    b,
                    "layer0_node,layer0_name,layer1_node,layer1_name\n0,m1_1,0,auxin\n1,m1_2,0,sucrose\n",
                )
            },
            CHECK,
            1,
            &["topology.csv:3"],
        ),
    ]
}

fn topology(b: &Folder, text: &str) {
    b.put("data/topology.csv", text);
    b.swap(SPEC, "tsv \"data/links.tsv\"", "topology \"data/topology.csv\"");
    b.swap(SPEC, " { source = snp  target = metabolite }", "");
}

fn letters() -> Vec<Row> {
    let nodes = |text: &'static str| move |b: &Folder| b.grow(SPEC, text);
    vec![
        row(75, "names that differ in the form of an accent", nodes("node `caf\u{e9}` : t\nnode `cafe\u{301}` : t\n"), CHECK, 1, &["E0209", "small.binn:17", "U+0301"]),
        row(75, "names that differ in a letter that looks alike", nodes("node auxin_b, \u{430}uxin_b : t\nlink metabolite -> auxin_b\n"), CHECK, 1, &["small.binn:16"]),
        row(
            75,
            "names that differ in case",
            nodes(
                "node head, Head : t\nlink metabolite -> head, Head\npredict pheno.auxin from head, Head\n",
            ),
            CHECK,
            0,
            &[],
        ),
        row(76, "a mark of direction in a name", nodes("node `a\u{202e}b` : t\n"), CHECK, 1, &["E0209", "small.binn:16", "u{202e}"]),
        row(76, "a space of no width in a name", nodes("node `a\u{200b}b` : t\n"), CHECK, 1, &["E0209", "u{200b}"]),
        row(76, "a mark of direction in a comment", nodes("# \u{202e} is hidden\n"), CHECK, 1, &["E0209", "small.binn:16"]),
        row(76, "a mark of direction in YAML", yaml("integrator", "integ\u{202e}rator"), YAML, 1, &["E0209", "u{202e}"]),
        row(82, "ids that YAML reads as something else", norway, "check small.yaml", 0, &[]),
    ]
}

/// Markers called no, 012, 1e3 and 0x1f.
fn norway(b: &Folder) {
    let ids = ["no", "012", "1e3", "0x1f"];
    b.lines("data/geno.bim", |at, line| {
        Some(ids.get(at - 1).map_or(line.to_string(), |id| crate::folder::with_cell(line, 1, id)))
    });
    b.swap("small.yaml", "  - {from: metabolite, to: integrator}", &format!(
        "  - {{from: metabolite, to: integrator}}\n  - {{from: snps, to: integrator, edges: [{{from: [{}], to: integrator}}]}}",
        ids.join(", ")
    ));
}

fn depth() -> Vec<Row> {
    let nested = |open: &'static str, count: usize| {
        move |b: &Folder| b.swap(SPEC, "epochs = 2", &format!("epochs = {}", open.repeat(count)))
    };
    let nested_yaml = |open: &'static str, count: usize| {
        move |b: &Folder| b.swap("small.yaml", "epochs: 2", &format!("epochs: {}", open.repeat(count)))
    };
    let blocks =
        |b: &Folder| b.grow(SPEC, "link metabolite -> integrator ".to_string() + &"{".repeat(1_000_000));
    let one_line = |b: &Folder| b.put(SPEC, vec![b'a'; 17 << 20]);
    let many_lines = |b: &Folder| b.put(SPEC, "\n".repeat(17 << 20) + "x");
    vec![
        row(77, "a million round brackets", nested("(", 1_000_000), CHECK, 1, &["E0111", "small.binn:15"]),
        row(77, "a million square brackets", nested("[", 1_000_000), CHECK, 1, &["E0111", "small.binn:15"]),
        row(77, "a million braces", blocks, CHECK, 1, &["E0111", "small.binn:16"]),
        row(77, "a million square brackets, in YAML", nested_yaml("[", 1_000_000), YAML, 1, &["E0111", "small.yaml"]),
        row(77, "a million braces, in YAML", nested_yaml("{", 1_000_000), YAML, 1, &["E0111", "small.yaml"]),
        row(77, "seventy brackets on a small stack", nested("(", 70), CHECK, 1, &["E0111", "small.binn:15"])
            .started("check small.binn, with 256 kB of stack", |b| {
                b.behind("ulimit -s 256", "--quiet check small.binn")
            }),
        row(83, "a spec of one line of 17 MB", one_line, CHECK, 1, &["E0111", "16 MB"]),
        row(83, "a spec of 17 million lines", many_lines, "run small.binn", 8, &["E0111", "16 MB"]),
        row(83, "traits of one line of 20 MB", |b| b.put("data/pheno.tsv", vec![b'a'; 20 << 20]), "run small.binn", 6, &["E0302", "pheno.tsv"]),
    ]
}

fn yaml_alone() -> Vec<Row> {
    let bomb = |b: &Folder| {
        let mut text = String::from("a0: &a0 [x, x]\n");
        for at in 1..60 {
            let _ = writeln!(text, "a{at}: &a{at} [*a{}, *a{}]", at - 1, at - 1);
        }
        b.begin("small.yaml", text);
    };
    let many = |b: &Folder| b.grow("small.yaml", format!("x: &x 1\ny: [{}]\n", "*x, ".repeat(200_000)));
    vec![
        row(78, "aliases that double sixty times", bomb, YAML, 1, &["E0108", "small.yaml:1"]),
        row(78, "two hundred thousand aliases", many, YAML, 1, &["E0108"]),
        row(78, "an alias of itself", |b| b.grow("small.yaml", "x: &x [*x]\n"), YAML, 1, &["E0108"]),
        row(79, "a tag that builds an object", yaml("epochs: 2", "epochs: !!python/object/apply:os.system [\"true\"]"), YAML, 1, &["E0108", "small.yaml:"]),
        row(79, "a tag of one's own", yaml("epochs: 2", "epochs: !mine 2"), YAML, 1, &["E0108", "small.yaml:"]),
        row(80, "a merge key", yaml("epochs: 2", "epochs: 2\n  <<: {batch: 3}"), YAML, 1, &["E0108", "<<"]),
        row(81, "two documents", |b| b.grow("small.yaml", "---\nbinn: 1\n"), YAML, 1, &["E0108", "small.yaml:"]),
    ]
}

fn imports() -> Vec<Row> {
    let import = |path: &'static str| move |b: &Folder| b.grow(SPEC, format!("import \"{path}\"\n"));
    let through_link = |b: &Folder| {
        symlink("/etc/passwd", b.path("link.binn")).expect("a link");
        b.grow(SPEC, "import \"link.binn\"\n");
    };
    let cycle = |b: &Folder| {
        b.put("a.binn", "binn 1\nimport \"b.binn\"\n");
        b.put("b.binn", "binn 1\nimport \"a.binn\"\n");
        b.grow(SPEC, "import \"a.binn\"\n");
    };
    let diamond = |b: &Folder| {
        b.put("a.binn", "binn 1\nimport \"c.binn\"\n");
        b.put("b.binn", "binn 1\nimport \"c.binn\"\n");
        b.put("c.binn", "binn 1\nnode extra : t\nlink metabolite -> extra\nlink extra -> integrator\n");
        b.grow(SPEC, "import \"a.binn\"\nimport \"b.binn\"\n");
    };
    let many = |b: &Folder| {
        (0..300).for_each(|at| b.put(&format!("i/{at}.binn"), "binn 1\n"));
        b.grow(SPEC, (0..300).fold(String::new(), |text, at| text + &format!("import \"i/{at}.binn\"\n")));
    };
    let deep = |b: &Folder| {
        (0..20)
            .for_each(|at| b.put(&format!("i{at}.binn"), format!("binn 1\nimport \"i{}.binn\"\n", at + 1)));
        b.put("i20.binn", "binn 1\n");
        b.grow(SPEC, "import \"i0.binn\"\n");
    };
    let pipe = |b: &Folder| {
        let made =
            std::process::Command::new("mkfifo").arg(b.path("pipe.binn")).status().expect("mkfifo starts");
        assert!(made.success());
        b.grow(SPEC, "import \"pipe.binn\"\n");
    };
    let source = |path: &'static str| move |b: &Folder| b.swap(SPEC, "data/pheno.tsv", path);
    let linked_source = |b: &Folder| {
        b.remove("data/pheno.tsv");
        symlink("/etc/passwd", b.path("data/pheno.tsv")).expect("a link");
    };
    vec![
        row(84, "an import from above", import("../../etc/passwd"), CHECK, 1, &["E0112", "small.binn:16:8"]),
        row(84, "an import by an absolute path", import("/etc/passwd"), CHECK, 1, &["E0112", "small.binn:16"]),
        row(84, "an import through a link that leads out", through_link, CHECK, 1, &["E0112", "small.binn:16"]),
        row(84, "an import of a device", import("/dev/zero"), CHECK, 1, &["E0112", "small.binn:16"]),
        row(84, "an import of a pipe", pipe, CHECK, 1, &["E0301", "not a file", "small.binn:16"]),
        row(84, "an import of a folder", import("data"), CHECK, 1, &["E0301", "not a file", "small.binn:16"]),
        row(84, "an import of what is not there", import("no.binn"), CHECK, 1, &["E0301", "small.binn:16"]),
        row(84, "traits from above", source("../../etc/passwd"), CHECK, 1, &["E0112", "small.binn:4"]),
        row(84, "traits by an absolute path", source("/dev/zero"), CHECK, 1, &["E0112", "small.binn:4"]),
        row(84, "traits through a link that leads out", linked_source, CHECK, 1, &["E0112", "small.binn:4"]),
        row(85, "two files that import each other", cycle, CHECK, 1, &["E0109", "a.binn -> b.binn -> a.binn"]),
        row(85, "a file that two others import", diamond, CHECK, 0, &["clean, 6 nodes"]).loud(),
        row(85, "three hundred imports", many, CHECK, 1, &["E0111", "256 files", "small.binn:"]),
        row(85, "imports twenty deep", deep, CHECK, 1, &["E0111", "16 deep"]),
        row(86, "an import from the network", import("https://example.org/a.binn"), CHECK, 1, &["E0112", "is an address"]),
    ]
}

fn shown() -> Vec<Row> {
    let ansi = "node `a\u{1b}[31mb` : t\n";
    let workflow = |b: &Folder| b.put("data/pheno.tsv", "IID\tauxin\t\"x\n::set-output name=a::b\"\nf2_1\t1\t2\n");
    let names = |b: &Folder| {
        b.grow(SPEC, "node `</script><script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `=cmd|' /C calc'!A0` : t\n");
        b.grow(SPEC, "link metabolite -> `</script><script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `=cmd|' /C calc'!A0`\n");
        b.grow(SPEC, "link `</script><script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `=cmd|' /C calc'!A0` -> integrator\n");
    };
    vec![
        row(87, "a colour of the terminal in a name", move |b| b.grow(SPEC, ansi), CHECK, 1, &["E0209", "small.binn:16", "u{1b}"]),
        own(87, "a workflow command in a column name", obeyed, 1, &["E0303", "pheno.tsv"]).broken(workflow),
        own(88, "names that are scripts and formulas", harmless, 0, &[]).makes(&["odd/"]).broken(names),
    ]
}

/// What GitHub would obey stands at the start of a line.
fn obeyed(b: &Folder) -> Said {
    let said = crate::frame::spoken(b.command("check small.binn --message-format github"));
    assert!(!said.out.contains("\n::set-output"), "{}", said.out);
    Said { err: said.out, out: String::new(), ..said }
}

/// No name becomes markup in the page, or cells in a table.
fn harmless(b: &Folder) -> Said {
    let said = crate::frame::spoken(b.command("--quiet run small.binn --out odd"));
    let page = b.text("odd/report.html");
    assert!(page.contains("onerror=alert(1)"), "the page names the nodes");
    assert!(
        !page.contains("<img src=x") && !page.contains("<script>alert"),
        "a name is markup in report.html"
    );
    let tables = b.files().into_iter().filter(|(name, _)| name.starts_with("odd/") && name.ends_with(".tsv"));
    for (name, bytes) in tables {
        let text = String::from_utf8(bytes).expect("text");
        let widths: Vec<usize> = text.lines().map(|line| line.split('\t').count()).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{name} has ragged lines");
    }
    Said { out: String::new(), ..said }
}
