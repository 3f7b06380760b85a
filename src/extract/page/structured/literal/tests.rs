use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Value {
    value_at(text, 0, &mut Budget::default()).0
}

/// The value in strict JSON, so that a test shows what was understood.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(is) => is.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::List(elements) => {
            let elements: Vec<String> = elements.iter().map(shown).collect();
            format!("[{}]", elements.join(","))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{name}:{}", shown(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
    }
}

#[test]
fn literals_are_read_as_people_and_minifiers_write_them() {
    for (written, meant) in [
        (r#"{"a": [1, -2.5e1, true, null]}"#, "{a:[1,-25,true,null]}"),
        (
            "{a:1,b_$:'it\\'s',c:`x ${y+'}'} z`,}",
            r#"{a:1,b_$:"it's",c:"x  z"}"#,
        ),
        ("[1,,2,]", "[1,2]"),
        ("{/* one */a:1, // two\n b:2}", "{a:1,b:2}"),
        (
            "{a:!0,b:!1,c:void 0,d:undefined,e:NaN}",
            "{a:true,b:false,c:null,d:null,e:null}",
        ),
        (r#"{a:"x"+"y" + 'z'}"#, r#"{a:"xyz"}"#),
        ("{a:\"one\ntwo\ttabs\"}", r#"{a:"one\ntwo\ttabs"}"#),
        (
            r#"{"a":"He said "hello" to me","b":1}"#,
            r#"{a:"He said \"hello\" to me",b:1}"#,
        ),
        ("{\"a\":\"x\"\n\"b\":\"y\"}", r#"{a:"x",b:"y"}"#),
        (
            r#""\u00e9\ud83d\ude00\ud83d\x41\u{1F600}\/""#,
            "\"é😀\u{fffd}A😀/\"",
        ),
        ("{a:function(x){return {b:1}},c:2}", "{a:null,c:2}"),
        (
            "{a(){return 1},get b(){return 2},c:x=>x+1,d:(a,b)=>({a}),e:3}",
            "{a:null,get:null,c:null,d:null,e:3}",
        ),
        ("{...rest,a:1,[key]:2,b}", "{a:1,b:null}"),
        (
            "{date:new Date(\"2024-01-02\"),n:0x10,big:12n}",
            r#"{date:"2024-01-02",n:16,big:12}"#,
        ),
        (r#"JSON.parse('{"a":"it\\"s"}')"#, r#"{a:"it\"s"}"#),
        (
            "JSON.parse(decodeURIComponent('%7B%22a%22%3A%22%C3%A9%22%7D'))",
            r#"{a:"é"}"#,
        ),
        (
            r#"(function(a,b,c){return {x:a,list:[{y:b},{y:c}],z:a}}("long",true,null))"#,
            r#"{x:"long",list:[{y:true},{y:null}],z:"long"}"#,
        ),
        (r#"(function(a){b.c=1;return {x:a}})("y")"#, r#"{x:"y"}"#),
        (
            "{a:b||\"c\",d:\"e\"||f,g:h?1:2,i:3}",
            r#"{a:null,d:"e",g:null,i:3}"#,
        ),
        (r#"{"a":}"#, "{a:null}"),
    ] {
        assert_eq!(shown(&read(written)), meant, "{written}");
    }
}

#[test]
fn a_text_that_breaks_off_gives_what_stands_before() {
    let whole = r#"[{"a":"one","b":[1,2]},{"a":"two"}]"#;
    assert_eq!(shown(&read(&whole[..30])), r#"[{a:"one",b:[1,2]},{}]"#);
    for end in 0..whole.len() {
        read(&whole[..end]);
    }
}

#[test]
fn values_that_follow_each_other_are_all_read() {
    let all = values("{\"a\":1}\n{\"b\":2};[3] trailing", &mut Budget::default());
    assert_eq!(
        all.iter().map(shown).collect::<Vec<_>>(),
        ["{a:1}", "{b:2}", "[3]"]
    );
}

#[test]
fn what_is_too_deep_is_passed_over_and_the_rest_is_read() {
    for (open, close) in [
        ("[", "]"),
        ("{a:", "}"),
        ("(", ")"),
        ("Date(", ")"),
        ("JSON.parse(", ")"),
    ] {
        let deep = format!(
            "{{x:{}1{},y:2}}",
            open.repeat(100_000),
            close.repeat(100_000)
        );
        assert_eq!(read(&deep).get("y"), Some(&Value::Number(2.0)), "{open}");
    }
    read(&"new ".repeat(100_000));
    read(&"[".repeat(100_000));
}

#[test]
fn a_page_cannot_ask_for_more_than_the_budget() {
    let mut budget = Budget {
        values: 10,
        bytes: 100,
    };
    assert_eq!(values(&"[1,2,3]".repeat(50), &mut budget).len(), 3);
    let mut budget = Budget {
        values: 1000,
        bytes: 100,
    };
    let repeated = format!(
        "(function(a){{return [{}]}}(\"{}\"))",
        "a,".repeat(500),
        "x".repeat(20)
    );
    assert!(value_at(&repeated, 0, &mut budget).0.elements().len() < 10);
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i32>().prop_map(serde_json::Value::from),
        "\\PC{0,20}".prop_map(serde_json::Value::from),
        "[\\x00-\\x7f]{0,12}".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            proptest::collection::vec(("\\PC{0,8}", inner), 0..6).prop_map(|members| members
                .into_iter()
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
}

fn same(strict: &serde_json::Value, read: &Value) -> bool {
    use serde_json::Value as Json;
    match (strict, read) {
        (Json::Null, Value::Null) => true,
        (Json::Bool(a), Value::Bool(b)) => a == b,
        (Json::Number(a), Value::Number(b)) => a.as_f64() == Some(*b),
        // backspace and form feed are dropped
        (Json::String(a), Value::Text(b)) => a.replace(['\u{8}', '\u{c}'], "") == *b,
        (Json::Array(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Json::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((x, a), (y, b))| x == y && same(a, b))
        }
        _ => false,
    }
}

fn scrap() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            "\"",
            "'",
            "`",
            ",",
            ":",
            ";",
            "\\",
            "\\u",
            "\\ud800",
            "${",
            "//",
            "/*",
            "*/",
            "<!--",
            "-->",
            "new ",
            "function",
            "return ",
            "JSON.parse(",
            "Date(",
            "a",
            "é",
            "\u{feff}",
            "0x",
            "1",
            "-",
            "!",
            "...",
            "=>",
            "\n",
            "{\"a\":",
            "(function(a){return ",
            "undefined",
            "decodeURIComponent('%",
            "日",
            "\u{2028}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ]
}

proptest! {
    #[test]
    fn strict_json_is_read_to_the_letter(value in json()) {
        for written in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            prop_assert!(same(&value, &read(&written)), "{}", written);
        }
    }

    #[test]
    fn no_text_stops_the_reader(scraps in proptest::collection::vec(scrap(), 0..60), at in 0usize..40) {
        let text = scraps.concat();
        let at = text.floor_char_boundary(at.min(text.len()));
        let (_, end) = value_at(&text, at, &mut Budget::default());
        prop_assert!(text.is_char_boundary(end) && (end > at || at == text.len()));
        values(&text, &mut Budget::default());
    }
}
