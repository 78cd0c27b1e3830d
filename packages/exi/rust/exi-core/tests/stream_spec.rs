//! The examples of the Recommendation, as far as it prints bits or event codes.

mod streams;

use std::sync::{Arc, Mutex};

use exi_core::schema::{Content, Particle, Primitive, SimpleType, Term, TypeRef};
use exi_core::stream::{Alignment, Decoder, Grammars, Item, Limits, Part, Preserve, Settings, What, Witness};
use streams::*;

/// Event codes as the Recommendation writes them: parts joined with points.
#[derive(Clone, Default)]
struct Codes(Arc<Mutex<Vec<String>>>);

impl Witness for Codes {
    fn part(&mut self, part: &Part<'_>) {
        let mut codes = self.0.lock().unwrap();
        match (&part.what, codes.last_mut()) {
            (What::Code { part: 1, value, .. }, _) => codes.push(value.to_string()),
            (What::Code { value, .. }, Some(last)) => *last = format!("{last}.{value}"),
            _ => {}
        }
    }
}

fn codes_of(grammars: &Grammars, items: &[Item], settings: &Settings) -> Vec<String> {
    let data = plain(grammars, items, settings).unwrap();
    let codes = Codes::default();
    let witness = Box::new(codes.clone());
    let mut decoder = Decoder::observed(grammars, &data, settings, Limits::default(), witness).unwrap();
    let mut back = Vec::new();
    while let Some(item) = decoder.next().unwrap() {
        back.push(item);
    }
    assert_eq!(back, items);
    let found = codes.0.lock().unwrap().clone();
    found
}

/// Four global elements, as in example 6-1.
fn four_elements() -> Grammars {
    let mut b = Builder::new();
    let empty = b.complex(None, Content::Empty);
    for name in ["D", "B", "A", "C"] {
        b.element("", name, TypeRef::Complex(empty), true);
    }
    b.grammars()
}

fn with_extras(alignment: Alignment) -> Settings {
    let preserve = Preserve { comments: true, pis: true, dtd: true, ..Preserve::default() };
    Settings { alignment, preserve, ..Settings::default() }
}

fn doc_type() -> Item {
    Item::DocType { name: "A".into(), public: "".into(), system: "".into(), text: "".into() }
}

fn instruction() -> Item {
    Item::ProcessingInstruction { target: "t".into(), text: "".into() }
}

#[test]
fn example_6_1_gives_these_codes_to_what_begins_a_document() {
    let settings = with_extras(Alignment::BitPacked);
    let code = |item: Item| {
        let tail = [start("", "A"), END];
        codes_of(&four_elements(), &document([vec![item], tail.to_vec()].concat()), &settings)[0].clone()
    };
    assert_eq!(code(doc_type()), "5.0");
    assert_eq!(code(Item::Comment("c".into())), "5.1.0");
    assert_eq!(code(instruction()), "5.1.1");
    for (index, name) in ["A", "B", "C", "D", "other"].into_iter().enumerate() {
        let codes = codes_of(&four_elements(), &document([start("", name), END]), &settings);
        assert_eq!(codes[0], index.to_string());
    }
}

#[test]
fn example_6_2_gives_these_bits_and_bytes_to_the_codes() {
    // The bits after the header: DT, then strings of no characters.
    let first = |item: Item, alignment| {
        let items = document([item, start("", "A"), END]);
        plain(&four_elements(), &items, &with_extras(alignment)).unwrap()[1..].to_vec()
    };
    let bits = |item: Item| first(item, Alignment::BitPacked)[0];
    assert_eq!(bits(doc_type()) >> 4, 0b1010);
    assert_eq!(bits(Item::Comment("c".into())) >> 3, 0b10110);
    assert_eq!(bits(instruction()) >> 3, 0b10111);
    assert_eq!(first(doc_type(), Alignment::ByteAligned)[..2], [5, 0]);
    assert_eq!(first(Item::Comment("c".into()), Alignment::ByteAligned)[..3], [5, 1, 0]);
    assert_eq!(first(instruction(), Alignment::ByteAligned)[..3], [5, 1, 1]);
    for (index, name) in ["A", "B", "C", "D", "other"].into_iter().enumerate() {
        for (alignment, shift) in [(Alignment::BitPacked, 5), (Alignment::ByteAligned, 0)] {
            let data =
                plain(&four_elements(), &document([start("", name), END]), &with_extras(alignment)).unwrap();
            assert_eq!(usize::from(data[1] >> shift), index);
        }
    }
}

/// The schema of appendix H: products and orders.
fn products() -> Grammars {
    let mut b = Builder::new();
    let string = b.built_in("string", Primitive::String);
    let integer = b.simple(Some((XSD, "integer")), SimpleType::plain(Primitive::Integer));
    let float = b.built_in("float", Primitive::Float);
    let parts = vec![
        b.particle("description", TypeRef::Simple(string), 0, Some(1)),
        b.particle("quantity", TypeRef::Simple(integer), 1, Some(1)),
        b.particle("price", TypeRef::Simple(float), 1, Some(1)),
    ];
    let twice = Particle { maximum: Some(2), ..Particle::one(Term::Sequence(parts)) };
    let product = b.complex(None, Content::Elements(twice));
    b.attribute(product, "sku", string, true);
    b.attribute(product, "color", string, false);
    let product = b.element("", "product", TypeRef::Complex(product), true);
    let many = Particle { maximum: None, ..Particle::one(Term::Element(product)) };
    let order = b.complex(None, sequence(vec![many]));
    b.element("", "order", TypeRef::Complex(order), true);
    b.grammars()
}

fn product_codes(inner: impl IntoIterator<Item = Item>) -> Vec<String> {
    let mut items = vec![start("", "product")];
    items.extend(inner);
    items.push(END);
    codes_of(&products(), &document(items), &Settings::default())[1..].to_vec()
}

#[test]
fn example_h_3_gives_these_codes_at_the_start_of_a_product() {
    let at = |name: &str| attribute("", name, "x");
    assert_eq!(product_codes([at("color")])[0], "0");
    assert_eq!(product_codes([at("sku")])[0], "1");
    assert_eq!(product_codes([])[0], "2.0");
    assert_eq!(product_codes([xsi_type(XSD, "nothing")])[0], "2.1");
    assert_eq!(product_codes([nil(false)])[0], "2.2");
    assert_eq!(product_codes([at("else")])[0], "2.3");
    assert_eq!(product_codes([start("", "else"), END])[0], "2.5");
    assert_eq!(product_codes([text("stray")])[0], "2.6");
}

#[test]
fn example_h_3_gives_these_codes_after_the_attributes_of_a_product() {
    let color = attribute("", "color", "red");
    let sku = attribute("", "sku", "1");
    let second = |items: Vec<Item>| product_codes(items)[1].clone();
    assert_eq!(second(vec![color.clone()]), "1.0");
    assert_eq!(second(vec![color.clone(), sku.clone()]), "0");
    assert_eq!(second(vec![color.clone(), attribute("", "else", "x")]), "1.1");
    assert_eq!(second(vec![color.clone(), start("", "else"), END]), "1.3");
    assert_eq!(second(vec![color, text("stray")]), "1.4");
    assert_eq!(second([vec![sku.clone()], leaf("", "description", "d")].concat()), "0");
    assert_eq!(second([vec![sku.clone()], leaf("", "quantity", "1")].concat()), "1");
    assert_eq!(second(vec![sku.clone()]), "2.0");
    assert_eq!(second(vec![sku.clone(), attribute("", "tail", "x")]), "2.1");
    assert_eq!(second(vec![sku.clone(), start("", "else"), END]), "2.3");
    assert_eq!(second(vec![sku, text("stray")]), "2.4");
}

#[test]
fn example_h_3_gives_these_codes_within_a_product() {
    let sku = attribute("", "sku", "1");
    let one = [leaf("", "quantity", "1"), leaf("", "price", "25E-1")].concat();
    let with = |inner: Vec<Item>| product_codes([vec![sku.clone()], inner].concat());
    // sku, then SE, CH, EE for quantity and price, then what follows the first copy.
    let after_one = with([one.clone(), leaf("", "description", "d")].concat());
    assert_eq!(after_one[1..8], ["1", "0", "0", "0", "0", "0", "0"]);
    assert_eq!(with([one.clone(), one.clone()].concat())[7], "1");
    assert_eq!(with(one.clone())[7], "2");
    assert_eq!(with([one.clone(), vec![start("", "else"), END]].concat())[7], "3.0");
    assert_eq!(with([one.clone(), vec![text("stray")]].concat())[7], "3.1");
    // After the last copy only the end is declared.
    assert_eq!(with([one.clone(), one].concat())[13], "0");
}

#[test]
fn example_h_3_gives_these_codes_within_an_order() {
    let codes = |inner: Vec<Item>| {
        let items = [vec![start("", "order")], inner, vec![END]].concat();
        codes_of(&products(), &document(items), &Settings::default())[1..].to_vec()
    };
    let product = [start("", "product"), attribute("", "sku", "1"), END].to_vec();
    assert_eq!(codes(vec![])[0], "1.0");
    assert_eq!(codes(vec![attribute("", "else", "x")])[0], "1.3");
    assert_eq!(codes(vec![start("", "else"), END])[0], "1.5");
    assert_eq!(codes(vec![text("stray")])[0], "1.6");
    // SE(product), AT(sku), its end out of turn, then the end of the order or one more product.
    assert_eq!(codes(product.clone()), ["0", "1", "2.0", "1", "0"]);
    assert_eq!(codes([product.clone(), product].concat())[3], "0");
}

#[test]
fn built_in_grammars_learn_as_section_8_4_3_says() {
    let one = || [start("", "a"), attribute("", "x", "1"), start("", "b"), text("t"), END, END].to_vec();
    let items = document([vec![start("", "r")], one(), one(), vec![END]].concat());
    let codes = codes_of(&Grammars::schema_less(), &items, &Settings::default());
    // SE(*) r, SE(*) a, AT(*) x, SE(*) b, CH, EE, EE: all for the first time.
    assert_eq!(codes[..7], ["0", "0.2", "0.1", "1.2", "0.3", "0", "0"]);
    // SE(*) a is new in ElementContent of r; AT(x), SE(b), CH, EE, EE are known, the newest first; EE
    // comes after SE(a), which was learnt; ED.
    assert_eq!(codes[7..], ["1.0", "1", "0", "0", "0", "0", "1", "0"]);
}
