package proposal

import (
	"fmt"
	"slices"

	"osbu/domain"
)

// Image is a picture of a proposal.
type Image struct {
	ID string // 130 random bits: its address, which nobody guesses
	// Alt is what it shows, in the proposal's language, for those who do not
	// see it. While it is empty only the authors are shown the image.
	Alt           string
	Width, Height int // pixels, in full size
}

// Shown are the images that the actor may see.
func (p Proposal) Shown(actor domain.Actor) []Image {
	if p.Mine(actor) {
		return p.Images
	}
	return slices.DeleteFunc(slices.Clone(p.Images), func(i Image) bool { return i.Alt == "" })
}

// described notes which images still lack the text that tells what they show.
func (p Proposal) described(problems *domain.Problems) {
	for i, one := range p.Images {
		if one.Alt == "" {
			problems.Add(fmt.Sprintf("images[%d].alt", i), "required", "")
		}
	}
}
