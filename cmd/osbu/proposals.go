package main

import (
	"crypto/rand"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/authorship"
	"osbu/domain/proposal/discussion"
	"osbu/domain/proposal/enquiry"
	"osbu/domain/proposal/gallery"
	"osbu/domain/proposal/interest"
	"osbu/sql/office"
)

// wireProposals builds the services of proposals, one a feature, over the
// office's store.
func (w *services) wireProposals(s settings, store *office.Store, sealer domain.Sealer) error {
	files, err := openFiles(s)
	if err != nil {
		return err
	}
	access := proposal.Access{Rounds: store, Store: store, TimeZone: s.City.TimeZone}
	w.proposals = proposal.New(proposal.Config{
		Access: access,
		Search: store, Colleagues: store, Ballot: store, Desk: store, Estimates: store,
		Merges: store, Conflicts: store, Behalf: store, Sealer: sealer, Pepper: s.Pepper, Rand: rand.Reader,
	})
	w.enquiries = enquiry.New(enquiry.Config{Access: access, Store: store})
	w.interest = interest.New(interest.Config{Access: access, Store: store, Supporters: s.ShowSupporters})
	w.discussion = discussion.New(discussion.Config{
		Access: access,
		Store:  store,
		Pace:   discussion.Pace{Most: s.LimitComment.N, Per: s.LimitComment.Per},
	})
	w.authorship = authorship.New(authorship.Config{
		Access:      access,
		Store:       store,
		Invitations: store,
		Answers:     store,
		Sealer:      sealer,
		Rand:        rand.Reader,
	})
	w.gallery = gallery.New(gallery.Config{Access: access, Store: store, Files: files, Rand: rand.Reader})
	return nil
}
