//! The one table from grammar rules to the words of a message.

use super::Rule;

/// What a reader would call the rule, and whether it is worth saying when others were
/// possible too: after nearly anything a comma or a unit could have followed.
fn prose(rule: Rule) -> (&'static str, bool) {
    match rule {
        Rule::ident | Rule::segment | Rule::raw_name | Rule::names | Rule::member => ("a name", true),
        Rule::path | Rule::paths | Rule::endpoint | Rule::endpoints => ("a name", true),
        Rule::column_name | Rule::raw_text => ("a column name", true),
        Rule::bare_call => ("a name", true),
        Rule::kind => ("a kind, such as `gene`", true),
        Rule::column_type => ("a type, such as `continuous`", true),
        Rule::format => ("a format, such as `tsv`", true),
        Rule::string | Rule::string_text => ("a text in quotes", true),
        Rule::value | Rule::quantity | Rule::list | Rule::call | Rule::predicate => ("a value", true),
        Rule::argument => ("a value", true),
        Rule::comparison => ("a comparison", true),
        Rule::number => ("a number", true),
        Rule::integer => ("a whole number", true),
        Rule::word | Rule::field => ("a field", true),
        Rule::column => ("a column", true),
        Rule::edge => ("an edge", true),
        Rule::source | Rule::kw_from => ("`from`", true),
        Rule::arrow => ("`->`", true),
        Rule::equals => ("`=`", true),
        Rule::colon => ("`:`", true),
        Rule::kw_by => ("`by`", true),
        Rule::kw_column => ("`column`", true),
        Rule::open_paren => ("`(`", false),
        Rule::open_bracket => ("`[`", true),
        Rule::close_brace => ("`}`", true),
        Rule::close_paren => ("`)`", true),
        Rule::close_bracket => ("`]`", true),
        Rule::open_brace | Rule::block | Rule::table_block | Rule::link_block => ("`{`", true),
        Rule::via | Rule::kw_via => ("`via`", false),
        Rule::kw_as => ("`as`", false),
        Rule::kw_and => ("`and`", false),
        Rule::where_clause | Rule::kw_where => ("`where`", false),
        Rule::comparator | Rule::kw_in => ("a comparison such as `>=`", false),
        Rule::comma => ("`,`", false),
        Rule::semicolon => ("`;`", false),
        Rule::at => ("`@`", false),
        Rule::unit => ("a unit", false),
        Rule::level => ("`(`", false),
        Rule::star => ("`*`", false),
        Rule::doc | Rule::doc_text => ("a `##` line", false),
        Rule::EOI => ("the next item", true),
        _ => ("an item", true),
    }
}

/// At most four phrases for what could have followed, the telling ones first.
pub(super) fn phrases(rules: &[Rule]) -> Vec<&'static str> {
    let telling =
        |wanted: bool| rules.iter().map(|rule| prose(*rule)).filter(move |(_, tells)| *tells == wanted);
    let mut phrases: Vec<&str> = Vec::new();
    for (phrase, _) in telling(true) {
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
    if phrases.contains(&"a value") {
        phrases.retain(|phrase| *phrase != "a name");
    }
    if phrases.contains(&"the next item") {
        phrases.retain(|phrase| *phrase != "an item");
    }
    if rules.contains(&Rule::close_paren) || rules.contains(&Rule::close_bracket) || phrases.is_empty() {
        for (phrase, _) in telling(false) {
            if !phrases.contains(&phrase) {
                phrases.insert(0, phrase);
            }
        }
    }
    phrases.truncate(4);
    phrases
}
