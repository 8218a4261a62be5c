//! The simulator as an adapter meets it: every endpoint, what it grants and
//! what it refuses, without a socket.

#[cfg(test)]
mod controls;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod house;
#[cfg(test)]
mod inbound;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod projects;
#[cfg(test)]
mod purchase;
#[cfg(test)]
mod release;
#[cfg(test)]
mod search;
#[cfg(test)]
mod sip;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod transfer;
#[cfg(test)]
mod walk;
