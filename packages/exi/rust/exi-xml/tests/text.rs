//! XML text to items and back: what is kept comes back, what is no XML is refused.

use exi_core::stream::{Item, Name};
use exi_xml::{read, Fault, Keep, Writer};

const ALL: Keep = Keep { comments: true, pis: true, dtd: true, prefixes: true, fragment: false };

fn items(text: &str, keep: Keep) -> Result<Vec<Item>, String> {
    let mut found = Vec::new();
    let result = read(text, keep, |item, _| -> Result<(), exi_core::Error> {
        found.extend(item.into_items());
        Ok(())
    });
    match result {
        Ok(()) => Ok(found),
        Err(Fault::Xml(reason, _)) => Err(reason),
        Err(Fault::Taker(error)) => Err(error.to_string()),
    }
}

fn written(items: Vec<Item>) -> String {
    let mut writer = Writer::default();
    items.into_iter().for_each(|item| writer.push(item).expect("XML holds what came from XML"));
    writer.out
}

fn texts(text: &str) -> Vec<String> {
    let found = items(text, Keep::default()).expect("well-formed");
    found
        .into_iter()
        .filter_map(|item| if let Item::Characters(text) = item { Some(text.to_string()) } else { None })
        .collect()
}

#[test]
fn everything_that_is_kept_comes_back_as_it_was() {
    let text = "<!DOCTYPE a PUBLIC \"p\" \"s\" [<!ENTITY e \"x\">]><?pi data?><!-- c --><a xmlns=\"urn:a\" xmlns:b=\"urn:b\">\
        <b:c xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"b:t\" b:d=\"1 &amp; 2&#10;\" e=\"\">\
        t&gt;&e;u<!----></b:c><d xmlns=\"\"><c xml:lang=\"en\"/></d><?e?></a>";
    let text = text.replace("<!---->", "<!-- -->");
    assert_eq!(written(items(&text, ALL).expect("well-formed")), text);
}

#[test]
fn prefixes_that_are_not_kept_are_made_up() {
    let text = "<a xmlns='urn:a' xmlns:b='urn:b'><b:c b:d='1' d='2'/><e xmlns=''/></a>";
    let expected = "<ns0:a xmlns:ns0=\"urn:a\"><ns1:c xmlns:ns1=\"urn:b\" ns1:d=\"1\" d=\"2\"/><e/></ns0:a>";
    assert_eq!(written(items(text, Keep::default()).expect("well-formed")), expected);
}

#[test]
fn a_made_up_prefix_changes_nothing_else_in_its_tag() {
    let name = |uri: &str, local: &str| Name::new(uri, local);
    let found = written(vec![
        Item::StartElement { name: name("urn:a", "a"), prefix: Some("p".into()) },
        Item::StartElement { name: name("urn:a", "b"), prefix: Some("p".into()) },
        Item::Attribute { name: name("urn:b", "c"), prefix: Some("p".into()), value: "1".into() },
        Item::EndElement,
        Item::StartElement { name: name("", "d"), prefix: Some("".into()) },
        Item::Type { prefix: None, name: name("urn:d", "t"), value_prefix: Some("".into()), text: None },
        Item::EndElement,
        Item::EndElement,
    ]);
    let back = items(&found, Keep::default()).expect("well-formed");
    let types = |item: &Item| matches!(item, Item::Type { name, .. } if name.is("urn:d", "t"));
    assert!(back.iter().any(types), "{found}");
    let names: Vec<_> = back
        .iter()
        .filter_map(|item| if let Item::StartElement { name, .. } = item { Some(name.clone()) } else { None })
        .collect();
    assert_eq!(names, [name("urn:a", "a"), name("urn:a", "b"), name("", "d")], "{found}");
}

#[test]
fn a_name_means_what_the_prefixes_around_it_say() {
    let text = "<p:a xmlns:p='urn:1'><p:b/><p:b xmlns:p='urn:2'><p:b/></p:b><p:b xmlns:p='urn:3'/><p:b/>\
        <b xmlns='urn:4' b='' p:b=''/><b b=''/></p:a>";
    let uri = |item: &Item| match item {
        Item::StartElement { name, .. } | Item::Attribute { name, .. } => Some(name.uri.to_string()),
        _ => None,
    };
    let found: Vec<_> = items(text, Keep::default()).expect("well-formed").iter().filter_map(uri).collect();
    let expected = ["urn:1", "urn:1", "urn:2", "urn:2", "urn:3", "urn:1", "urn:4", "", "urn:1", "", ""];
    assert_eq!(found, expected);
}

#[test]
fn neighbouring_characters_are_one_and_lines_end_as_xml_has_them() {
    assert_eq!(texts("<a>1<![CDATA[<2>]]>&amp;&#x33;\r\n4\r5<!-- c -->6</a>"), ["1<2>&3\n4\n56"]);
}

#[test]
fn internal_entities_expand_and_external_ones_are_never_fetched() {
    let with = |declared: &str, content: &str| format!("<!DOCTYPE a [{declared}]><a>{content}</a>");
    assert_eq!(texts(&with("<!ENTITY e '&#60;'><!ENTITY f '&e2;!'><!ENTITY e2 'x'>", "[&f;]")), ["[x!]"]);
    let reason = |text: &str| items(text, Keep::default()).expect_err("refused");
    assert!(reason(&with("<!ENTITY e SYSTEM 'file:///etc/passwd'>", "&e;")).contains("never fetched"));
    assert!(reason(&with("", "&e;")).contains("not declared"));
    assert!(reason(&with("<!ENTITY e '<b/>'>", "&e;")).contains("markup"));
    assert!(reason("<!DOCTYPE a [<!ENTITY e '&e;'>]><a b='&e;'/>").contains("too much"));
    let mut bomb = "<!ENTITY a0 'aaaaaaaaaaaaaaaaaaaaaaaa'>".to_owned();
    for level in 1..12 {
        bomb += &format!("<!ENTITY a{level} '{}'>", format!("&a{};", level - 1).repeat(10));
    }
    assert!(reason(&with(&bomb, "&a11;")).contains("too much"));
}

#[test]
fn what_is_no_well_formed_xml_is_refused() {
    let refused = [
        "",
        " ",
        "x",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "x<a/>",
        "<a/>x",
        "<a/>&amp;",
        "<a b='<'/>",
        "<a b='1' b='2'/>",
        "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>",
        "<p:a/>",
        "<a p:b=''/>",
        "<1/>",
        "<a:b:c xmlns:a='u'/>",
        "<a>]]></a>",
        "<a>\u{1}</a>",
        "<a b='\u{fffe}'/>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>&#x+1;</a>",
        "<a>&</a>",
        "<!-- a -- b --><a/>",
        "<a/><?xml version='1.0'?>",
        "<?XML a?><a/>",
        "<a xmlns:p=''/>",
        "<a xmlns:xmlns='u'/>",
        "<a xmlns:xml='u'/>",
        "<a xmlns:p='u' xmlns:p='v'/>",
        "<a xmlns='u' xmlns='v'/>",
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<a/><!DOCTYPE a>",
        "<!DOCTYPE a [<!ENTITY]><a/>",
        "<?xml version='1.1'?><a/>",
        "<a b=1/>",
        "<a b/>",
        "<xmlns:a/>",
        "<a><![CDATA[x</a>",
    ];
    for text in refused {
        assert!(items(text, ALL).is_err(), "{text:?} was taken");
    }
    assert!(items("<a/><b/>", Keep { fragment: true, ..ALL }).is_ok());
}

#[test]
fn items_that_xml_cannot_hold_are_refused() {
    let element = |local: &str| Item::StartElement { name: Name::new("", local), prefix: None };
    let attribute = |local: &str, value: &str| Item::Attribute {
        name: Name::new("", local),
        prefix: None,
        value: value.into(),
    };
    let namespace = |prefix: &str, uri: &str| Item::Namespace {
        prefix: prefix.into(),
        uri: uri.into(),
        local_element: false,
    };
    let text = |text: &str| Item::Characters(text.into());
    let refused: Vec<Vec<Item>> = vec![
        vec![element("a b")],
        vec![element("a><evil")],
        vec![element("a"), attribute("x='1' y", "")],
        vec![element("a"), attribute("x", ""), attribute("x", "")],
        vec![element("a"), attribute("x", "\0")],
        vec![element("a"), namespace("p", "u"), namespace("p", "v")],
        vec![element("a"), namespace("", "u")],
        vec![element("a"), namespace("p q", "u")],
        vec![element("a"), text("\u{ffff}")],
        vec![Item::Comment("a--".into())],
        vec![Item::Comment("-".into())],
        vec![Item::ProcessingInstruction { target: "xml".into(), text: "".into() }],
        vec![Item::ProcessingInstruction { target: "a".into(), text: "?>".into() }],
        vec![Item::EntityReference("e".into())],
        vec![Item::EndElement],
    ];
    for items in refused {
        let mut writer = Writer::default();
        let ends = [Item::EndElement];
        let result: Result<Vec<()>, _> =
            items.iter().cloned().chain(ends).map(|item| writer.push(item)).collect();
        assert!(result.is_err(), "{items:?} became {}", writer.out);
    }
}

#[test]
fn gathered_prefixes_are_declared_at_each_root() {
    let text = "<a xmlns='urn:a' xmlns:b='urn:b'><b:c b:d='1'/><b:c/></a>";
    let mut writer = Writer::gathered();
    for item in items(text, Keep::default()).expect("well-formed") {
        writer.push(item).expect("XML holds what came from XML");
    }
    let expected = "<ns0:a xmlns:ns0=\"urn:a\" xmlns:ns1=\"urn:b\"><ns1:c ns1:d=\"1\"/><ns1:c/></ns0:a>";
    assert_eq!(writer.out, expected);
    let mut writer = Writer::gathered();
    for item in items("<a xmlns='u'/><b/><a xmlns='u'>x</a>", Keep { fragment: true, ..Keep::default() })
        .expect("well-formed")
    {
        writer.push(item).expect("XML holds what came from XML");
    }
    assert_eq!(writer.out, "<ns0:a xmlns:ns0=\"u\"/><b/><ns0:a xmlns:ns0=\"u\">x</ns0:a>");
}
