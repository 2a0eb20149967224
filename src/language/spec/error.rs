//! Wording of everything that lowering can find wrong.

pub mod asked;
pub mod heads;

use crate::language::diagnostics::suggest::did_you_mean;
use crate::language::diagnostics::{Code, Diagnostic, Severity, listed};
use crate::language::source::{Span, Spanned};

/// E0103: a key or an item that may stand once stands twice.
pub fn given_twice(what: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(Code::E0103, format!("{what} is given twice"))
        .at(second, "given again here")
        .at(first, "first given here")
        .help("keep one of the two")
}

/// E0104: a key that the item does not have.
pub fn unknown_key(owner: &str, key: &str, span: Span, known: &[&str]) -> Diagnostic {
    let help = did_you_mean(key, known.iter().copied())
        .unwrap_or_else(|| format!("{owner} takes {}", listed(known, 20)));
    Diagnostic::new(Code::E0104, format!("{owner} has no key `{key}`")).at(span, "not known here").help(help)
}

/// E0104: a key that describes a file, on a table without one.
pub fn key_of_files(key: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0104, format!("a simulated table has no key `{key}`"))
        .at(span, "describes a file")
        .help("remove it: a simulated table has no file")
}

/// E0105: a value of another type than the key takes.
pub fn wrong_type(key: &str, expected: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("`{key}` takes {expected}")).at(span, "does not fit")
}

/// E0105: a dotted name such as `names.tsv` where a text is meant.
pub fn text_without_quotes(key: &str, expected: &str, written: &str, span: Span) -> Diagnostic {
    wrong_type(key, expected, span).help(format!("put a text that holds dots in quotes: `\"{written}\"`"))
}

/// E0105: something else where a column of a table is meant.
pub fn not_a_column(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("`{written}` is not a column: columns are `TABLE.COLUMN`"))
        .at(span, "a column is wanted here")
        .help(
            "name the table and the column, such as `pheno.yield`, with backticks round names that hold dots",
        )
}

/// E0105: more values in parentheses than the word takes.
pub fn too_many_arguments(call: &str, takes: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("`{call}(…)` takes {takes}"))
        .at(span, "one too many")
        .help("remove it, or give it its name, as in `seed = 7`")
}

/// E0106: something that must be there is not.
pub fn required(owner: &str, what: &str, example: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, format!("{owner} needs {what}"))
        .at(span, "not given here")
        .help(format!("write for example `{example}`"))
}

/// E0106: a cut of a hierarchy that is not there.
pub fn cuts_no_hierarchy(key: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, format!("`{key}` cuts a hierarchy, and this layer has none"))
        .at(span, "cuts nothing")
        .help("name the prior of child and parent terms as well, such as `hierarchy = go_tree`")
}

/// E0107: a unit where none or another is meant.
pub fn bad_unit(key: &str, unit: &str, allowed: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0107, format!("`{key}` cannot be given in `{unit}`"))
        .at(span, format!("unit `{unit}`"))
        .help(allowed)
}

/// E0112: a path that leaves the data root.
pub fn leaves_root(path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0112, format!("path `{path}` leaves the data root"))
        .at(span, "absolute, or climbs with `..`")
        .help(
            "write the path relative to the data root, and pass `--data-root DIR` if the data lie elsewhere",
        )
}

/// E0113: part of the language that this version does not build.
pub fn not_in_this_version(feature: &str, instead: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0113, format!("{feature} is not in this version of binnc"))
        .at(span, "understood, but not built yet")
        .help(instead)
}

/// E0113: a format that this version does not read.
pub fn format_not_read(format: &str, item: &str, span: Span) -> Diagnostic {
    let instead = match item {
        "genotypes" if format == "bcf" => {
            "convert it to PLINK, for example `plink2 --bcf F --make-bed --out P`, then `from plink \"P.bed\"`"
        }
        "genotypes" => {
            "convert it to PLINK, for example `plink2 --vcf F --make-bed --out P`, then `from plink \"P.bed\"`"
        }
        "prior" => "priors hold no genotypes: read the file by a `genotypes` item once it is PLINK",
        _ => "convert the file to tsv or csv",
    };
    not_in_this_version(&format!("format `{format}`"), instead, span)
}

/// E0504: a format that another item is read from.
pub fn format_of_another_item(format: &str, item: &str, span: Span, known: &[&str]) -> Diagnostic {
    Diagnostic::new(Code::E0504, format!("`{item}` items are not read from `{format}`"))
        .at(span, "a format of other items")
        .help(format!("`{item}` takes {}", listed(known, 12)))
}

/// E0201: a name that nothing defines.
pub fn undefined<'a>(
    what: &str,
    name: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    let help = did_you_mean(name, known.iter().copied()).unwrap_or_else(|| {
        if known.is_empty() {
            format!("no {what} is defined in this file")
        } else {
            format!("defined: {}", listed(&known, 5))
        }
    });
    Diagnostic::new(Code::E0201, format!("no {what} is called `{name}`")).at(span, "not defined").help(help)
}

/// E0202: one name for two things.
pub fn defined_twice(name: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(Code::E0202, format!("`{name}` is defined twice"))
        .at(second, "defined again here")
        .at(first, "first defined here")
        .help("give one of them another name")
}

/// E0203: columns of one name in two tables, where the bare name alone tells them apart.
pub fn ambiguous_column(what: &str, column: &str, first: Span, second: Span) -> Diagnostic {
    let why = if what == "traits" {
        "outputs name traits by their bare column name"
    } else {
        "nodes find them by it"
    };
    Diagnostic::new(Code::E0203, format!("two {what} are called `{column}`, and {why}"))
        .at(second, "this one")
        .at(first, "or this one")
        .help("rename the column in one of the two files and in its table")
}

/// E0310: genotypes and a prior whose positions are on two assemblies; `names` are the two items.
pub fn assemblies_differ(
    names: [&str; 2],
    measured: &Spanned<String>,
    known: &Spanned<String>,
    span: Span,
) -> Diagnostic {
    Diagnostic::new(
        Code::E0310,
        format!(
            "genotypes `{}` are on assembly `{}`, and prior `{}` is on `{}`",
            names[0], measured.value, names[1], known.value
        ),
    )
    .at(span, "positions of the two are compared here")
    .at(measured.span, "assembly of the genotypes")
    .at(known.span, "assembly of the prior")
    .help("lift one file over to the other's assembly; if both names mean one assembly, write it alike")
}

/// W0205: inner folds by which nothing is chosen.
pub fn inner_folds_for_nothing(span: Span) -> Diagnostic {
    Diagnostic::new(Code::W0205, "nothing is chosen by inner folds").at(span, "never used").help(
        "leave `inner` out, or let inner folds choose: `polygenic = gblup` on `predict`, a list such as \
         `weight = [0, 0.01, 0.1]` on `supervise`, or the baseline `elastic_net`",
    )
}

/// W0205: something defined and never used.
pub fn unused(what: &str, name: &str, span: Span) -> Diagnostic {
    let help = match what {
        "prior" => format!("join by it: `link … -> … via {name}`, or remove it"),
        "table" => format!("name one of its columns, such as `predict {name}.COLUMN from …`, or remove it"),
        _ => "use it as a value, or remove it".to_string(),
    };
    Diagnostic::new(Code::W0205, format!("{what} `{name}` is never used")).at(span, "defined here").help(help)
}

/// E0207: a name of the wrong kind of thing.
pub fn wrong_kind<'a>(
    name: &str,
    is: &str,
    wanted: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    let help = if known.is_empty() {
        format!("define {wanted} and name it here")
    } else {
        format!("name {wanted}, such as {}", listed(&known, 5))
    };
    Diagnostic::new(Code::E0207, format!("`{name}` is {is}, but {wanted} is wanted here"))
        .at(span, format!("this is {is}"))
        .help(help)
}

/// E0207: a filter on something that has no such attribute.
pub fn filter_does_not_apply(attribute: &str, name: &str, is: &str, span: Span) -> Diagnostic {
    let help = if is == "a column" {
        "remove the `where`: a column is one input"
    } else {
        "filter nodes by name: `where id in [...]`; chromosomes and positions belong to variants"
    };
    Diagnostic::new(Code::E0207, format!("`{name}` is {is} and has no `{attribute}`"))
        .at(span, "cannot be compared")
        .help(help)
}

/// E0207: a part or filter of what is linked to.
pub fn part_of_a_target(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("a link goes to all of `{name}`, not to a part of it"))
        .at(span, "a target of the link")
        .help(format!("write `-> {name}`, and choose nodes by a prior or by edges of the link"))
}

/// E0207: a part that only layers with a hierarchy have.
pub fn no_hierarchy(name: &str, part: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("`{name}` has no hierarchy, and so no `.{part}`"))
        .at(span, "levels come from a hierarchy")
        .help(format!(
            "give the layer one, `layer {name} : KIND {{ hierarchy = PRIOR }}`, or name the whole layer"
        ))
}

/// E0207: `TABLE.*` beside other things, or with a rule of its own.
pub fn columns_beside_others(span: Span, link: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, "`TABLE.*` joins columns to nodes of the same name and stands alone")
        .at(span, "all columns of a table")
        .at(link, "this link has more")
        .help("write a link of its own, `link TABLE.* -> LAYER`, without `via` and without edges")
}

/// E0207: `TABLE.*` where no node takes the columns.
pub fn columns_without_nodes(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0207,
        "`TABLE.*` has a column for each node, and `predict` has no nodes of its own",
    )
    .at(span, "all columns of a table")
    .help("name columns one by one, or link them to a layer, `link TABLE.* -> LAYER`, and read that")
}

/// E0207: measurements where groups are wanted.
pub fn groups_are_not_continuous(column: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("`{column}` is continuous, but groups are wanted here"))
        .at(span, "declared continuous")
        .help(format!("name a column of groups, or declare `column {column} : categorical`"))
}

/// E0208: a column that its table does not declare.
pub fn column_not_declared<'a>(
    table: &str,
    column: &str,
    span: Span,
    declared: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let help = did_you_mean(column, declared)
        .unwrap_or_else(|| format!("declare it in table `{table}`, such as `column {column} : continuous`"));
    Diagnostic::new(Code::E0208, format!("table `{table}` declares no column `{column}`"))
        .at(span, "not declared")
        .help(help)
}

/// E0316: dosages, which binnc does not compute on.
pub fn dosages(format: &str, span: Span) -> Diagnostic {
    let option = if format == "pgen" { "--pfile" } else { "--bgen" };
    Diagnostic::new(Code::E0316, format!("`{format}` holds dosages, and binnc computes on hard calls"))
        .at(span, "a dosage format")
        .help(format!(
            "make hard calls first, for example `plink2 {option} F --hard-call-threshold 0.1 --make-bed --out P` \
             (in a later version: `hard_call = 0.1`), then `from plink \"P.bed\"`"
        ))
}

/// E0501: normalisation over a single unit.
pub fn normalises_one_unit(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0501, "`norm = units` over one unit makes every value 0")
        .at(span, "one unit in each node")
        .help("give the nodes a `width` of 2 or more, or use `norm = batch`")
}

/// E0503: normalisation where nothing follows it.
pub fn nothing_to_normalise(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0503, "`network = linear` has nothing to normalise")
        .at(span, "contradicts `network = linear`")
        .help("remove one of the two")
}

/// E0502: fewer than one unit.
pub fn below_one(what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0502, format!("{what} has at least 1 unit"))
        .at(span, "below 1")
        .help("give the number of units, such as 8")
}

/// E0503: two activations for one network.
pub fn activations_disagree(inside: (&str, Span), outside: (&str, Span)) -> Diagnostic {
    let message = format!("the network says activation `{}`, its item says `{}`", inside.0, outside.0);
    Diagnostic::new(Code::E0503, message)
        .at(outside.1, "and this one")
        .at(inside.1, "this one")
        .help("keep the one inside `fcn(…)`: it follows every hidden layer")
}

/// E0503: an activation for a network that has none.
pub fn linear_with_activation(outside: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0503, format!("`network = linear` has no activation, its item says `{outside}`"))
        .at(span, "contradicts `network = linear`")
        .help("remove one of the two: without `network`, a node is one affine map and its activation")
}

/// E0504: an unknown activation, optimizer, loss, baseline or metric.
pub fn unknown_word(what: &str, word: &str, span: Span, known: &[&str]) -> Diagnostic {
    let help =
        did_you_mean(word, known.iter().copied()).unwrap_or_else(|| format!("known: {}", listed(known, 12)));
    Diagnostic::new(Code::E0504, format!("no {what} is called `{word}`")).at(span, "not known").help(help)
}

/// E0504: something to filter by that does not exist there.
pub fn unknown_attribute(word: &str, span: Span, known: &[&str]) -> Diagnostic {
    let found = unknown_word("attribute", word, span, known);
    if known.contains(&"maf") || !matches!(word, "maf" | "missing") {
        return found;
    }
    found.help(format!("`{word}` depends on the training rows: filter by it in `keep` of the genotypes"))
}

/// E0504: a code that is none, in `allow`.
pub fn unknown_code(word: &str, span: Span) -> Diagnostic {
    let warnings: Vec<Code> =
        Code::ALL.iter().copied().filter(|code| code.severity() == Severity::Warning).collect();
    let names = warnings.iter().flat_map(|code| [code.name(), code.slug()]);
    let help = did_you_mean(word, names).unwrap_or_else(|| {
        "write the code of a warning, such as `W0307`; `binnc rule` lists them".to_string()
    });
    Diagnostic::new(Code::E0504, format!("no warning is called `{word}`")).at(span, "not known").help(help)
}

/// E0105: something else than codes, in `allow`.
pub fn codes_wanted(span: Span) -> Diagnostic {
    wrong_type("allow", "the codes of warnings", span).help("write for example `allow = [W0307, W0314]`")
}

/// E0105: an error, in `allow`.
pub fn error_allowed(code: Code, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("`{}` is an error, and only warnings can be allowed", code.name()))
        .at(span, "starts with `E`")
        .help(format!("remove it, and correct what the error says: `binnc rule {}` explains it", code.name()))
}
