// Package domain holds what every package uses: errors by kind and
// code, money in cents, texts in the city's languages, actors, and secrets at
// rest. All below it is pure: clock, randomness and storage come by a Config
// and by ports, which live beside whoever needs them.
//
// The packages, from the ground up; each imports only what stands before it:
//
//	tally                              counting rules, exact and explained
//	picture                            images made plain
//	round account pabulib ballot post  an edition and its phases; who is who; .pb files; a paper
//	                                   filled in, as bytes; e-mails to people
//	sheet                              tables that people fill in with a spreadsheet program
//	proposal                           a proposal, the rules of its life, and that life; proposal/doc.go tells it
//	proposal/…                         its features, one a package: enquiry, authorship, gallery, assisted,
//	                                   discussion, interest, desk, estimate, merge, project
//	event equality person roll box     where people meet; whom all this reaches; what is kept of somebody;
//	                                   who may vote, and blind credentials; where ballots lie
//	polling                            the vote at its places: officers, kiosks, codes; looks at roll and event
//	record                             a round's steps; count, result and record
//
// The office (account, proposal, event, roll, polling) knows people and never
// sees a ballot; the box sees ballots and never knows a person. No door leads
// from one to the other: roll and box never import each other, and their tables
// lie in two databases under two roles. Only record speaks to both, and never
// of persons.
//
// The journey of a ballot:
//
//  1. In the voter's browser the basket becomes a ballot with a random salt,
//     and a fresh key pair makes the message that is to be signed blindly
//     (ballot/canonical.go, ballot/message.go say the bytes;
//     frontend/src/receipt does alike).
//  2. The office checks that she is on the roll, spends her right and signs the
//     blinded message, once (roll). It cannot know the key.
//  3. The browser unblinds: a credential that nobody can link to her. From here
//     on it speaks to the box, without cookies.
//     Where ballots are sealed she seals it for the trustees' key
//     (ballot/sealed.go).
//  4. The box checks credential, the key's signature, the form, and the choices
//     against the signed manifest; of a sealed ballot nothing but its length
//     instead of form and choices (box/cast.go).
//  5. The ballot joins a batch; one transaction keeps it if the vote is open by
//     the database's clock, with an outcome for each (sql/box/intake.go).
//  6. The box signs a promise; the same bytes get the same promise
//     (box/promise.go).
//  7. Batch by batch, ballots that wait are shuffled into the round's log, a
//     Merkle tree whose leaves, checkpoints and proofs are public; the
//     transaction that does so ends by giving back the file in which they
//     waited (box/sequence.go, sql/box/sequence.go). The manifest is the first
//     leaf.
//  8. With her commitment the voter gets the receipt: leaf, inclusion proof,
//     checkpoint (box/receipt.go; frontend/src/receipt checks it).
//  9. The close logs what still waits, ends the log with a leaf of its own,
//     destroys the issuer's keys, and puts rights in an order that tells
//     nothing of when they were spent; only then may ballots be read
//     (record/step.go and its steps).
//  10. The count opens sealed ballots with the key of which the trustees held
//     shares, or which the service kept, sets aside what is void
//     (record/opener.go), writes each area's ballots, sorted, as a .pb file and
//     counts that file, so that everybody can count the same (record/count.go).
//  11. The publication writes log, ballots with their proofs, files and
//     outcomes into one zip (record/publish.go, record/README.md), and
//     anybody's computer recomputes all of it (record/verify.go,
//     cmd/osbu-verify).
package domain
