// Package proposal is what residents propose: the kernel that every feature of
// proposals stands on. It holds the proposal itself (proposal.go), the text and
// the cost (text.go, cost.go), the rules of its life (rules.go), how a feature
// reaches rounds and proposals as one actor may see them (access.go, guard.go),
// and the life itself (service.go, vetting.go). The features are packages
// below; each knows the kernel and none of the others, but for estimate, which
// knows the desk.
//
// The journey of a proposal, from a draft to a project that is built:
//
//  1. Somebody asks a facilitator while she writes, or afterwards (enquiry).
//  2. She drafts it, and nobody else sees it (Service.Draft, Edit); others join
//     her as authors (authorship), and pictures are made plain and told in
//     words (gallery). Or she tells it to a facilitator, who enters it for her
//     and gives her a code by which she claims it (assisted).
//  3. She submits it (Service.Submit). It must be complete; it goes to the
//     facilitator of its area who has the least to do (Route), and from now on
//     everybody reads it (Service.List, Get, Similar, Open), supports and
//     follows it (interest) and speaks about it (discussion). Every change is a
//     version (Service.Versions), and every step is told to its authors by
//     e-mail (change.go says of which).
//  4. The facilitator takes it (Service.Take), holds it against the checklist
//     and notes for colleagues what she finds (desk). She may ask the authors
//     for information (Service.Ask), who answer by submitting again.
//  5. She may refer it to a division of the city (desk.Refer), whose experts
//     say whose task it is, whether it can be built and what it costs
//     (estimate).
//  6. Several that say the same become one, with their authors' consent, and
//     one that says too much becomes several; it can be undone (merge).
//  7. She accepts it with its cost, or rejects it with a reason and a public
//     answer (Service.Accept, Reject). A rejection may be appealed once, and
//     somebody else decides (Service.Appeal). Until the freeze a decision can
//     be reopened, and what was written put right and translated
//     (correction.go).
//  8. An official puts what was accepted on the ballot: each project is a copy
//     with a number, so that nothing done to the proposal moves what people
//     vote on (project). Of some only one can be carried out (merge.Conflict).
//  9. The round is frozen and its manifest signed (record); until the vote ends
//     an author may still withdraw, and the project stays where it is, marked.
//  10. People vote, and the count says which projects are selected: proposals
//     become selected or not_selected in the transaction that publishes the
//     result (record/publish.go). The round is delivering while the city builds
//     them.
//
// rules.go is the whole of what may happen to a proposal, by whom, when and
// from where; rules_test.go says it again in another way, and tries everything.
package proposal
