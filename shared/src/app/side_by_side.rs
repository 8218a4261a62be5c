//! Waiting for many things at once, on one thread and without a task for each: whoever
//! stops waiting stops all of it.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

/// What each of `futures` comes to, in their order.
pub(super) async fn side_by_side<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut running: Vec<Running<F>> = futures
        .into_iter()
        .map(|future| Running::Yet(Box::pin(future)))
        .collect();
    poll_fn(|context| {
        let mut open = false;
        for one in &mut running {
            if let Running::Yet(future) = one {
                match future.as_mut().poll(context) {
                    Poll::Ready(output) => *one = Running::Done(output),
                    Poll::Pending => open = true,
                }
            }
        }
        if open { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    let outputs = running.into_iter().filter_map(|one| match one {
        Running::Done(output) => Some(output),
        Running::Yet(_) => None,
    });
    outputs.collect()
}

enum Running<F: Future> {
    Yet(Pin<Box<F>>),
    Done(F::Output),
}

/// Outputs are moved, never pinned.
impl<F: Future> Unpin for Running<F> {}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::side_by_side;

    #[tokio::test]
    async fn answers_keep_their_order_and_nobody_waits_for_another() {
        let log = RefCell::new(Vec::new());
        let one = async |name: u32, rests: u32| {
            log.borrow_mut().push((name, "begins"));
            for _ in 0..rests {
                tokio::task::yield_now().await;
            }
            log.borrow_mut().push((name, "ends"));
            name
        };
        let answers = side_by_side(vec![one(1, 2), one(2, 0), one(3, 1)]).await;
        assert_eq!(answers, [1, 2, 3]);
        let expected = [
            (1, "begins"),
            (2, "begins"),
            (2, "ends"),
            (3, "begins"),
            (3, "ends"),
            (1, "ends"),
        ];
        assert_eq!(*log.borrow(), expected);
        let nobody = Vec::<std::future::Ready<u32>>::new();
        assert!(side_by_side(nobody).await.is_empty());
    }
}
