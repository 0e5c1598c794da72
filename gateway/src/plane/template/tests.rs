use bluegate_core::gateway::Texts;

use super::*;
use crate::plane::Headers;
use crate::plane::Value;
use crate::plane::parameters::Parameters;

fn try_print(template: &str, body: &str) -> Result<String, TemplateError> {
    let parameters = Parameters {
        path: vec![("id".into(), "7".into())],
        query: vec![
            ("id".into(), "query".into()),
            ("q".into(), "1".into()),
            ("q".into(), "2".into()),
        ],
        headers: Headers::from_iter([("X-Client", "me"), ("Host", "h"), ("Upgrade", "no")]),
    };
    let variables = Texts::from([("host".to_owned(), "a.example".to_owned())]);
    let mut context = Value::parse(r#"{"requestId": "r", "identity": {"sourceIp": "127.0.0.1"}}"#).unwrap();
    let mut scope = Scope::new(&mut context, &variables, &parameters, body.as_bytes());
    Template::parse(template)?.render(&mut scope)
}

fn print(template: &str, body: &str) -> String {
    try_print(template, body).unwrap_or_else(|error| panic!("{template}: {error}"))
}

#[test]
fn bodies_are_printed_as_recorded_of_aws() {
    for (template, body, printed) in [
        ("$input.path('$.o')", r#"{"o": {"foo": "bar"}}"#, "{foo=bar}"),
        ("$input.path('$.l')", r#"{"l": [{"foo": "bar"}]}"#, r#"[{"foo":"bar"}]"#),
        (
            "$input.path('$.m').toString()",
            r#"{"m": {"list": [{"foo": "bar"}]}}"#,
            r#"{list=[{"foo":"bar"}]}"#,
        ),
        ("<$input.path('$.none')>", "{}", "<>"),
        (
            "#if($input.path('$.none') == $null)null#end#if($input.path('$.none') == \"\") text#end",
            "{}",
            "null text",
        ),
        (
            "#if($input.path('$.e') == $null || $input.path('$.e') == '')yes#{else}no#end",
            r#"{"e": []}"#,
            "no",
        ),
        ("$input.path('$.e')", r#"{"e": []}"#, "[]"),
        ("$input.body", "", "{}"),
        ("$input.body", "plain", "plain"),
        ("<$input.body.name>", r#"{"name": "x"}"#, "<>"),
        (
            "$input.json('$.o')",
            r#"{"o": {"b": 1, "a": "x"}}"#,
            r#"{"b":1,"a":"x"}"#,
        ),
        ("$input.json('$.o')", "no json", "\"\""),
        (
            "$util.urlEncode($input.body)",
            r#"{"some": "value"}"#,
            "%7B%22some%22%3A+%22value%22%7D",
        ),
    ] {
        assert_eq!(print(template, body), printed, "{template}");
    }
}

#[test]
fn parameters_are_looked_for_in_path_query_and_headers() {
    for (template, printed) in [
        (
            "$input.params('id') $input.params('q') $input.params('x-client')",
            "7 2 me",
        ),
        (
            "<$input.params('Upgrade')$input.params('none')>$input.params('Host')",
            "<>h",
        ),
        (
            "$input.params().path.id $input.params().querystring.id $input.params().header['X-Client']",
            "7 query me",
        ),
        (
            "#foreach($name in $input.params().querystring.keySet())$name#if($foreach.hasNext),#end#end",
            "id,q",
        ),
    ] {
        assert_eq!(print(template, ""), printed, "{template}");
    }
}

#[test]
fn directives_do_what_velocity_does() {
    for (template, printed) in [
        ("#set($a = 1)\n#set($b = $a + 2)\n$b", "3"),
        ("#set($a = 'x')${a}y $!none $none ${none} $", "xy  $none ${none} $"),
        ("#set($a = \"${context.requestId}-1\")$a", "r-1"),
        ("#set($a = '$context.requestId')$a", "$context.requestId"),
        ("#if(1 > 2)a#elseif(2 >= 2 && !false)b#{else}c#end", "b"),
        (
            "#foreach($i in [1..3])$i:$foreach.index:$foreach.count#if(!$foreach.hasNext).#end #end",
            "1:0:1 2:1:2 3:2:3. ",
        ),
        ("#foreach($i in [1..9])#if($i == 3)#break#end$i#end", "12"),
        (
            "#set($m = {\"a\": 1})#set($m.b = 2)#set($m['c'] = 3)#set($k = 'd')#set($m[$k] = 4)$m",
            "{a=1, b=2, c=3, d=4}",
        ),
        (
            "#set($m = {})$m.put('a', 1)#set($x = $m.put('b', 2))$m $m.size() $m.containsKey('a')",
            "{a=1, b=2} 2 true",
        ),
        (
            "#set($l = [1, 'b'])#set($x = $l.add(3))$l $l[1] $l.get(0) $l.size()",
            "[1,\"b\",3] b 1 3",
        ),
        (
            "#set($m = {\"a\": 1, \"b\": 2})#foreach($e in $m.entrySet())$e.key=$e.value;#end",
            "a=1;b=2;",
        ),
        ("#define($d)<$a>#end#set($a = 1)$d#set($a = 2)$d", "<1><2>"),
        ("a## comment\nb#* more\n *#c", "abc"),
        ("#stop after", ""),
        ("#[[$a #if ## ]]#|", "$a #if ## |"),
        (
            "#foreach($a in ['x'])$velocityCount#foreach($b in ['y'])$foreach.parent.count#end#end$!velocityCount",
            "11",
        ),
        (
            "#set($Integer = 0)#set($n = $Integer.parseInt('41') + 1)$n #set($t = 'abc')$t.charAt(1)",
            "42 b",
        ),
        ("\\$context.requestId \\#if", "$context.requestId #if"),
        (
            "$context.identity.sourceIp$context.none|$stageVariables.host|${stageVariables['host']}|$stageVariables.x",
            "127.0.0.1|a.example|a.example|",
        ),
        (
            "#set($t = 'a,b,,')$t.split(',').size() $t.length() $t.substring(0, 1) $t.replaceAll('[a-b]', 'x')",
            "2 5 a x,x,,",
        ),
        (
            "$util.escapeJavaScript(\"it's\") $util.base64Encode('a') $util.base64Decode('YQ==')",
            "it\\'s YQ== a",
        ),
        ("#set($o = $util.parseJson('{\"a\": {\"b\": [1, 2]}}'))$o.a.b[1]", "2"),
        (
            "{\"price\": \"$5\", \"#tag\": \"#1\"}",
            "{\"price\": \"$5\", \"#tag\": \"#1\"}",
        ),
    ] {
        assert_eq!(print(template, ""), printed, "{template}");
    }
}

#[test]
fn what_is_not_understood_is_an_error_and_never_a_silence() {
    for template in [
        "#if(true)",
        "#end",
        "#set($a = )",
        "#set($a = 'x)",
        "#macro(a)#end",
        "$input.nothing('x')",
        "$util.nothing('x')",
        "#set($a = 'x')$a.nothing()",
        "$input.path('$.a[?(@.b =~ /x/)]')",
        "#[[ no end",
        "#set($n = 1)$n.parseInt('x')",
        "#foreach($i in [1..2000])x#end",
        "#define($d)$d#end$d",
    ] {
        assert!(try_print(template, "").is_err(), "{template}");
    }
    let deep = "#if(true)".repeat(5_000);
    assert!(try_print(&deep, "").is_err());
    let deep = format!("#set($a = {}1)", "(".repeat(5_000));
    assert!(try_print(&deep, "").is_err());
}

proptest::proptest! {
    #[test]
    fn no_template_panics(template in "([#$!{}()\\[\\]'\"a-c .,\n=]|set|if|end|foreach|input|path){0,60}", body in ".{0,20}") {
        let _ = try_print(&template, &body);
    }
}
