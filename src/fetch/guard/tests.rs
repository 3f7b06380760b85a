//! Which addresses are asked, and in which spellings they are refused.

use std::sync::Mutex;

use super::*;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn guard(allow: &[&str]) -> Guard {
    let allow: Vec<Allow> = allow.iter().map(|text| text.parse().unwrap()).collect();
    Guard::new(&allow)
}

fn check(guard: &Guard, url: &str) -> Result<(), Refused> {
    guard.check(&Url::parse(url).unwrap())
}

#[test]
fn what_anybody_can_reach_is_public() {
    for public in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::8a",
        "2001:200::1",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
        "2002:0101:0101::1",
    ] {
        assert_eq!(guard(&[]).objection(ip(public)), None, "{public}");
    }
}

#[test]
fn what_is_special_is_called_by_its_name() {
    for (address, kind) in [
        ("0.0.0.0", LOCAL),
        ("0.1.2.3", LOCAL),
        ("127.0.0.1", LOCAL),
        ("127.255.255.255", LOCAL),
        ("10.0.0.1", PRIVATE),
        ("172.16.0.1", PRIVATE),
        ("172.31.255.255", PRIVATE),
        ("192.168.1.1", PRIVATE),
        ("100.64.0.1", "an address of a provider's network"),
        ("100.127.255.255", "an address of a provider's network"),
        ("169.254.1.1", LINK),
        ("169.254.169.254", METADATA),
        ("100.100.100.200", METADATA),
        ("168.63.129.16", METADATA),
        ("192.0.0.8", RESERVED),
        ("192.88.99.1", RESERVED),
        ("192.0.2.1", DOCUMENTATION),
        ("198.51.100.1", DOCUMENTATION),
        ("203.0.113.1", DOCUMENTATION),
        ("198.18.0.1", BENCHMARK),
        ("198.19.255.255", BENCHMARK),
        ("224.0.0.1", MULTICAST),
        ("239.255.255.255", MULTICAST),
        ("240.0.0.1", RESERVED),
        ("255.255.255.255", "a broadcast address"),
        ("::", LOCAL),
        ("::1", LOCAL),
        ("::8.8.8.8", RESERVED),
        ("::ffff:127.0.0.1", LOCAL),
        ("::ffff:10.0.0.1", PRIVATE),
        ("::ffff:0:10.0.0.1", RESERVED),
        ("fc00::1", PRIVATE),
        ("fd12:3456::1", PRIVATE),
        ("fd00:ec2::254", METADATA),
        ("fec0::1", PRIVATE),
        ("fe80::1", LINK),
        ("ff02::1", MULTICAST),
        ("100::1", RESERVED),
        ("2001:db8::1", DOCUMENTATION),
        ("3fff::1", DOCUMENTATION),
        ("2001:2::1", BENCHMARK),
        ("2001:10::1", RESERVED),
        ("4000::1", RESERVED),
        ("64:ff9b::127.0.0.1", LOCAL),
        ("64:ff9b::169.254.169.254", METADATA),
        ("64:ff9b:1::1.1.1.1", PRIVATE),
        ("2002:7f00:0001::1", LOCAL),
        ("2002:c0a8:0101::1", PRIVATE),
        // Teredo: the server, and the client with its bits turned round
        ("2001:0:a00:1::1", PRIVATE),
        ("2001:0:101:101::80ff:fffe", LOCAL),
    ] {
        assert_eq!(guard(&[]).objection(ip(address)), Some(kind), "{address}");
    }
}

#[test]
fn every_spelling_of_an_address_in_a_url_is_judged() {
    for spelling in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://017700000001/",
        "http://0177.0.0.01/",
        "http://%31%32%37.0.0.1/",
        "http://１２７.0.0.1/",
        "http://127。0。0。1/",
        "http://0/",
        "http://[::1]/",
        "http://[::]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://user:secret@127.0.0.1:8080/",
    ] {
        assert!(check(&guard(&[]), spelling).is_err(), "{spelling}");
    }
    assert_eq!(check(&guard(&[]), "http://1.1.1.1/"), Ok(()));
    assert_eq!(check(&guard(&[]), "https://blog.example/"), Ok(()));
}

#[test]
fn what_the_owner_allows_may_be_asked_and_nothing_beside_it() {
    let some = guard(&["127.0.0.0/8", "192.168.1.5", "fd12::/16", "NAS.lan."]);
    for fine in [
        "http://127.9.9.9/",
        "http://[::ffff:127.0.0.1]/",
        "http://192.168.1.5/",
        "http://[fd12::5]/",
    ] {
        assert_eq!(check(&some, fine), Ok(()), "{fine}");
    }
    for other in ["http://192.168.1.6/", "http://[::1]/", "http://[fd13::5]/"] {
        assert!(check(&some, other).is_err(), "{other}");
    }
    let home = vec![ip("192.168.1.9"), ip("fe80::9")];
    assert_eq!(some.admitted("nas.lan", home.clone()), Ok(home.clone()));
    assert!(some.admitted("evil.nas.lan", home).is_err());
    assert_eq!(
        some.line("10.0.0.1"),
        "allow = [\"127.0.0.0/8\", \"192.168.1.5\", \"fd12::/16\", \"nas.lan\", \"10.0.0.1\"]"
    );
}

#[test]
fn what_is_neither_a_network_nor_a_name_is_refused() {
    for odd in [
        "",
        "10.0.0.0/33",
        "*.lan",
        "nas lan",
        "http://nas.lan/",
        "nas.lan:80",
    ] {
        assert_eq!(odd.parse::<Allow>(), Err(NotAllowable), "{odd}");
    }
}

#[test]
fn of_several_addresses_only_the_public_ones_are_connected_to() {
    let found = vec![ip("10.0.0.1"), ip("1.1.1.1"), ip("::1")];
    assert_eq!(
        guard(&[]).admitted("blog.example", found),
        Ok(vec![ip("1.1.1.1")])
    );
    let refused = guard(&[])
        .admitted("blog.example", vec![ip("10.0.0.1"), ip("::1")])
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "blog.example is an address of a private network (10.0.0.1)"
    );
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_the_second_time_is_judged_the_second_time() {
    let answers = Mutex::new(vec![ip("127.0.0.1"), ip("1.1.1.1")]);
    let resolver = Resolver {
        guard: guard(&[]),
        lookup: move |_| {
            let next = answers.lock().unwrap().pop();
            Box::pin(async move { Ok(next.into_iter().collect()) }) as Lookup
        },
    };
    let ask = || resolver.resolve(Name::from_str("blog.example").unwrap());
    let first: Vec<SocketAddr> = ask().await.unwrap().collect();
    assert_eq!(first, [SocketAddr::new(ip("1.1.1.1"), 0)]);
    let second = ask().await.map(|_| ()).unwrap_err();
    assert_eq!(
        second.downcast_ref::<Refused>().unwrap().address,
        ip("127.0.0.1")
    );
}
