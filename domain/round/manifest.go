package round

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
)

// Manifest is the frozen ballot as everybody can read it: what is voted on, by
// which rule, and with which keys. It is leaf 0 of the round's log, signed by
// the log's key; browsers accept no key that is not in it. This is a published
// format, hence the JSON tags: one JSON object in UTF-8, fields in this order,
// two-space indent, one final newline.
type Manifest struct {
	Format      string            `json:"format"` // ManifestFormat
	Round       string            `json:"round"`
	Name        domain.Text       `json:"name"`
	Decision    string            `json:"decision"` // number of the decision that froze the ballot
	Rehearsal   bool              `json:"rehearsal"`
	Opens       time.Time         `json:"opens"`
	Closes      time.Time         `json:"closes"` // as planned at the freeze; a later move is in the audit log
	PromisedBy  time.Time         `json:"promised_by"`
	Eligibility Eligibility       `json:"eligibility"`
	Areas       []ManifestArea    `json:"areas"`
	Papers      []ManifestPaper   `json:"papers"`
	Projects    []ManifestProject `json:"projects"` // by number
	// Conflicts are groups of projects of which only one can be carried out;
	// absent when there are none.
	Conflicts []ManifestConflict `json:"conflicts,omitempty"`
	// OpeningsFrom is how many ballots an area must have for its single ballots
	// to be published; 0: they always are.
	OpeningsFrom int `json:"openings_from,omitempty"`
	// ReservedCost is "maximum" or "maximum+maintenance": what a project's cost
	// below is made of.
	ReservedCost string `json:"reserved_cost"`
	// Sealing is how ballots are sealed until the close; absent: they are not.
	Sealing *ManifestSealing `json:"sealing,omitempty"`
	// LotCommitment is hex SHA-256 of the 32-byte seed that breaks ties; the
	// seed is published with the outcome.
	LotCommitment string `json:"lot_commitment"`
	// LogKey is the note verifier key "name+hash+base64" (C2SP signed-note) of
	// the Ed25519 key that signs manifest, promises and checkpoints.
	LogKey string `json:"log_key"`
	// Witnesses are the keys of those who watch the log and cosign its
	// checkpoints (C2SP tlog-cosignature), ascending; absent when there are
	// none. Where there are, no browser votes before one has cosigned a
	// checkpoint that proves this manifest.
	Witnesses []string `json:"witnesses,omitempty"`
}

// ManifestFormat names the format and its version.
const ManifestFormat = "osbu/manifest/v1"

// ManifestArea is an area with its pot in cents and its counting rule.
type ManifestArea struct {
	ID   string       `json:"id"`
	Name domain.Text  `json:"name"`
	Pot  domain.Cents `json:"pot"`
	Rule Rule         `json:"rule"`
}

// ManifestPaper is a paper with its issuer's key and the number of rights at
// the freeze (later changes of the roll are in the audit log).
type ManifestPaper struct {
	ID     string      `json:"id"`
	Name   domain.Text `json:"name"`
	Areas  []string    `json:"areas"`
	Form   ballot.Form `json:"form"`
	Rights int         `json:"rights"`
	Issuer []byte      `json:"issuer"` // RSA-2048 public key, PKIX DER, base64
	// Padded is how many bytes each ballot has before it is sealed; absent if
	// ballots are not sealed.
	Padded int `json:"padded,omitempty"`
}

// ManifestSealing is the key that ballots are sealed with (ballot.SealingKey),
// base64, and who can open them: any Needed of Trustees, each of whom holds a
// share of the private key. One of one: the service holds it.
type ManifestSealing struct {
	Key      []byte `json:"key"`
	Trustees int    `json:"trustees"`
	Needed   int    `json:"needed"`
}

// ManifestProject is a project as voters see it, with its reserved cost in
// cents.
type ManifestProject struct {
	Number int          `json:"number"`
	Area   string       `json:"area"`
	Title  domain.Text  `json:"title"`
	Cost   domain.Cents `json:"cost"`
}

// ManifestConflict says why of these projects, by ascending numbers, only one
// can be carried out. The count of an area funds at most one of them where the
// area's rule respects conflicts.
type ManifestConflict struct {
	Projects []int       `json:"projects"`
	Reason   domain.Text `json:"reason"`
}

// Encode gives the published bytes.
func (m Manifest) Encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("encode manifest: %w", err)
	}
	return b.Bytes(), nil
}

// DecodeManifest reads published bytes; an unknown field or another format is
// an error.
func DecodeManifest(text []byte) (Manifest, error) {
	var m Manifest
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return Manifest{}, fmt.Errorf("manifest: %w", err)
	}
	if m.Format != ManifestFormat {
		return Manifest{}, fmt.Errorf("manifest: format %q, not %q", m.Format, ManifestFormat)
	}
	return m, nil
}

// Paper finds a paper by its ID.
func (m Manifest) Paper(id string) (ManifestPaper, bool) {
	for _, p := range m.Papers {
		if p.ID == id {
			return p, true
		}
	}
	return ManifestPaper{}, false
}

// Area finds an area by its ID.
func (m Manifest) Area(id string) (ManifestArea, bool) {
	for _, a := range m.Areas {
		if a.ID == id {
			return a, true
		}
	}
	return ManifestArea{}, false
}

// Costs are the reserved costs of an area's projects by number.
func (m Manifest) Costs(area string) map[int]domain.Cents {
	costs := map[int]domain.Cents{}
	for _, p := range m.Projects {
		if p.Area == area {
			costs[p.Number] = p.Cost
		}
	}
	return costs
}

// LongestBallot is how many bytes the longest ballot of a paper has.
func (m Manifest) LongestBallot(p ManifestPaper) int {
	numbers := map[string][]int{}
	for _, area := range p.Areas {
		numbers[area] = slices.Collect(maps.Keys(m.Costs(area)))
	}
	return ballot.Longest(m.Round, p.ID, p.Form, numbers)
}

// CheckSealing is nil if sealing and the papers' lengths fit together: with a
// key, every ballot of a paper fits its length.
func (m Manifest) CheckSealing() error {
	var p domain.Problems
	if s := m.Sealing; s != nil {
		if _, err := ballot.NewSealingKey(s.Key); err != nil {
			p.Add("sealing.key", "bad_format", "")
		}
		p = append(p, Sealing{Trustees: s.Trustees, Needed: s.Needed}.faults("sealing.")...)
		if s.Trustees == 0 {
			p.Add("sealing.trustees", "too_few", "1")
		}
	}
	for i, paper := range m.Papers {
		least, most := 0, 0
		if m.Sealing != nil {
			least, most = m.LongestBallot(paper), ballot.MostPadded
		}
		if paper.Padded < least || paper.Padded > most {
			p.Add(fmt.Sprintf("papers[%d].padded", i), "not_allowed", fmt.Sprintf("%d to %d", least, most))
		}
	}
	return p.Err()
}

// Commit is what LotCommitment must be for a seed.
func Commit(seed []byte) string {
	digest := sha256.Sum256(seed)
	return hex.EncodeToString(digest[:])
}
