package service

import (
	"crypto/rand"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/assisted"
	"osbu/domain/proposal/authorship"
	"osbu/domain/proposal/desk"
	"osbu/domain/proposal/discussion"
	"osbu/domain/proposal/enquiry"
	"osbu/domain/proposal/estimate"
	"osbu/domain/proposal/gallery"
	"osbu/domain/proposal/interest"
	"osbu/domain/proposal/merge"
	"osbu/domain/proposal/project"
	"osbu/domain/proposal/translation"
	"osbu/sql/office"
)

// proposalServices are those of proposals, one a feature.
type proposalServices struct {
	proposals    *proposal.Service
	enquiries    *enquiry.Service
	interest     *interest.Service
	discussion   *discussion.Service
	authorship   *authorship.Service
	gallery      *gallery.Service
	projects     *project.Service
	assisted     *assisted.Service
	desk         *desk.Service
	estimates    *estimate.Service
	translations *translation.Service
	merges       *merge.Service
}

// wireProposals builds them over the office's store.
func (w *services) wireProposals(s Settings, store *office.Store, addresses domain.Sealer) error {
	files, err := openFiles(s)
	if err != nil {
		return err
	}
	access := proposal.Access{Rounds: store, Store: store, City: s.City.Extent, TimeZone: s.City.TimeZone}
	w.proposals = proposal.New(proposal.Config{
		Access:     access,
		Search:     store,
		Colleagues: store,
		Estimates:  store,
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
		Sealer:      addresses,
		Rand:        rand.Reader,
	})
	pictures, err := newPictures()
	if err != nil {
		return err
	}
	w.gallery = gallery.New(
		gallery.Config{Access: access, Store: store, Files: files, Pictures: pictures, Rand: rand.Reader},
	)
	w.projects = project.New(project.Config{Access: access, Store: store})
	w.assisted = assisted.New(assisted.Config{
		Access:     access,
		Store:      store,
		Rows:       store,
		Colleagues: store,
		Sealer:     addresses,
		Pepper:     s.Pepper,
		Rand:       rand.Reader,
	})
	w.desk = desk.New(desk.Config{
		Access:      access,
		Colleagues:  store,
		Estimates:   store,
		Settings:    store,
		Assignments: store,
		Cases:       store,
		Contacts:    store,
		Filters:     store,
		Life:        w.proposals,
		Workload:    store,
		Overviews:   store,
	})
	w.estimates = estimate.New(estimate.Config{Access: access, Store: store, Current: store, Desk: w.desk})
	w.translations = translation.New(translation.Config{Access: access, Store: store, Translate: w.proposals.Translate})
	w.merges = merge.New(merge.Config{Access: access, Store: store, Links: store, Conflicts: store})
	return nil
}
