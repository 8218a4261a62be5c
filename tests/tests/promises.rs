//! x
use numberline::app::provision::any_number;
use numberline::domain::Plan;
use numberline_tests::lab::*;
use std::sync::Arc;

#[tokio::test]
async fn happy() {
    let lab = Lab::new(&Setup::default()).unwrap();
    lab.seam.record(None);
    let tenant = Tenant::sign_up(&lab, "ann", Plan::Pro).await.unwrap();
    let order = tenant.order(&lab, &any_number(None), "k").await.unwrap();
    let started = std::time::Instant::now();
    let rest = lab.settle().await.unwrap();
    println!("{:?}", started.elapsed());
    for line in lab.seam.log() {
        println!("{} {:?} {}", line.at, line.point, line.text);
    }
    let books = Books::read(&lab.tables).unwrap();
    println!("{:#?}", books.orders);
    println!("{rest:?} {}", lab.seam.begun());
}
