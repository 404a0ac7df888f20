package proposal

import (
	"slices"

	"osbu/domain"
)

// Fault is what is wrong with what somebody wrote, in the words of those who
// report it and of those who hide it.
type Fault string

// The faults.
const (
	Offensive    Fault = "offensive"
	PersonalData Fault = "personal_data"
	Advertising  Fault = "advertising"
	OffTopic     Fault = "off_topic"
	OtherFault   Fault = "other"
)

// Faults are all of them.
var Faults = []Fault{Offensive, PersonalData, Advertising, OffTopic, OtherFault}

// Check notes a fault that there is not.
func (f Fault) Check(problems *domain.Problems) {
	if !slices.Contains(Faults, f) {
		problems.Add("reason", "unknown", "")
	}
}

// unsaid takes out of versions what was hidden: of those up to the last hiding
// the public reads the words only where the proposal still says them.
func (p Proposal) unsaid(versions []Version) {
	hidden := -1
	for i, v := range versions {
		if v.Action == ToHide {
			hidden = i
		}
	}
	for i := range versions[:hidden+1] {
		if v := &versions[i]; !v.Text.equal(p.Text) || v.Swedish != p.Swedish || v.English != p.English {
			v.Text = Text{Area: v.Text.Area, Theme: v.Text.Theme, Language: v.Text.Language}
			v.Swedish, v.English = Words{}, Words{}
		}
	}
}
