//! Promises of looking: an absence must be believable.

use super::{
    Carrier, World,
    scene::{buy, buyer, kept, orders, own, tenant},
};
use crate::domain::E164;

/// The most pages a few numbers may take.
const PAGES_MAX: usize = 100;

/// What nobody bought is not there, and that is no error.
pub async fn a_number_of_nobody_is_none(carrier: &dyn Carrier, world: &dyn World) {
    for order in orders(carrier, world, 1).await {
        let platform = world.platform();
        assert_eq!(kept(carrier.get(&platform, &order.e164).await), None);
        assert_eq!(kept(carrier.find_purchase(&platform, &order).await), None);
    }
}

/// An account sees its own numbers only.
pub async fn a_number_of_another_account_is_none(carrier: &dyn Carrier, world: &dyn World) {
    let owner = tenant(carrier, world, "owner").await;
    let other = tenant(carrier, world, "other").await;
    let number = own(carrier, world, &owner).await;
    assert_eq!(kept(carrier.get(&other.account, &number.e164).await), None);
    assert_eq!(
        kept(carrier.get(&world.platform(), &number.e164).await),
        None
    );
    let page = kept(carrier.list_owned(&other.account, None).await);
    assert_eq!((page.items, page.next), (Vec::new(), None));
}

/// Every number once, whatever the size of a page.
pub async fn everything_owned_is_listed_to_the_last_page(carrier: &dyn Carrier, world: &dyn World) {
    let tenant = tenant(carrier, world, "one").await;
    let buyer = buyer(carrier, world, &tenant);
    let orders = orders(carrier, world, 5).await;
    let mut bought: Vec<E164> = Vec::new();
    for order in &orders {
        bought.push(buy(carrier, &buyer, order).await.e164);
    }
    let mut listed: Vec<E164> = Vec::new();
    let mut cursor = None;
    for _ in 0..PAGES_MAX {
        let page = kept(carrier.list_owned(&buyer, cursor.as_deref()).await);
        listed.extend(page.items.into_iter().map(|number| number.e164));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(cursor, None, "the list has no end");
    bought.sort();
    listed.sort();
    assert_eq!(listed, bought);
}
