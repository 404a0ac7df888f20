package pabulib

import (
	"hash/maphash"
	"math"
	"math/bits"
	"slices"
	"strings"

	"osbu/domain/tally"
)

// voteParser holds what the hot loop over the ballots needs.
type voteParser struct {
	columns []string
	index   map[string]int32 // project id → index
	form    tally.Form
	voter   int // place of the columns, -1 if absent
	vote    int
	points  int
	voters  voterSet
	picks   []int32
	given   []decimal
	mark    []int32

	pickBlock  []int32
	pointBlock []int64
	cellBlock  []string

	limits limits
	naming []int64 // ballots naming each project, repetitions counted
	score  []int64 // points, or max_length - position; in units of the file
}

func (p *parser) voteHeader(header []string) error {
	v := &p.votes
	v.form, _ = p.file.Form()
	v.columns = header
	v.voter, v.vote, v.points = slices.Index(header, "voter_id"), slices.Index(header, "vote"), -1
	if v.vote < 0 {
		return p.fault("section VOTES has no column vote")
	}
	if v.form == tally.Cumulative || v.form == tally.Scoring {
		if v.points = slices.Index(header, "points"); v.points < 0 {
			return p.fault("section VOTES has no column points, which %s ballots need", v.form)
		}
	}
	if v.voter != 0 {
		p.warnToo("voter_id is not the first column of VOTES")
	}
	for i, name := range header {
		if i != v.voter && i != v.vote && i != v.points {
			p.file.VoteColumns = append(p.file.VoteColumns, name)
		}
	}
	p.file.Votes = make(
		[]Vote,
		0,
		strings.Count(p.rest, "\n")+1,
	) // copying a million ballots as the slice grows costs more than counting
	v.voters = newVoterSet(cap(p.file.Votes))
	v.mark = make([]int32, len(p.file.Projects))
	v.naming, v.score = make([]int64, len(p.file.Projects)), make([]int64, len(p.file.Projects))
	v.limits = p.file.limits()
	return nil
}

func (p *parser) voteRow() error {
	v := &p.votes
	vote := Vote{}
	if v.voter >= 0 {
		vote.Voter = p.cells[v.voter]
		if vote.Voter != "" {
			if first, twice := v.voters.add(p.file.Votes, vote.Voter); twice {
				return p.fault("voter %.50q has already cast ballot %d of the file", vote.Voter, first+1)
			}
		}
	}
	if err := p.readPicks(p.cells[v.vote]); err != nil {
		return err
	}
	if v.form == tally.ChooseOne && len(v.picks) != 1 {
		return p.fault("a choose-1 ballot names %d projects", len(v.picks))
	}
	vote.Picks = keep(&v.pickBlock, v.picks)
	if v.points >= 0 {
		if err := p.readPoints(p.cells[v.points]); err != nil {
			return err
		}
		if len(v.given) != len(v.picks) {
			return p.fault("the ballot names %d projects and gives %d points", len(v.picks), len(v.given))
		}
		points, err := p.align()
		if err != nil {
			return err
		}
		vote.Points = points
	}
	if len(p.file.VoteColumns) > 0 {
		if cap(v.cellBlock)-len(v.cellBlock) < len(p.file.VoteColumns) {
			v.cellBlock = make([]string, 0, max(1<<12, len(p.file.VoteColumns)))
		}
		from := len(v.cellBlock)
		for i, cell := range p.cells {
			if i != v.voter && i != v.vote && i != v.points {
				v.cellBlock = append(v.cellBlock, cell)
			}
		}
		vote.Extra = v.cellBlock[from:len(v.cellBlock):len(v.cellBlock)]
	}
	p.file.Votes = append(p.file.Votes, vote)
	p.judge(&p.file.Votes[len(p.file.Votes)-1])
	return nil
}

// readPicks resolves the ids of a ballot. No ballot is taken with an id that
// the file does not know.
func (p *parser) readPicks(list string) error {
	v := &p.votes
	v.picks = v.picks[:0]
	if list == "" {
		return nil
	}
	if _, project := v.index["None"]; present(list) == "" && !project {
		return nil
	}
	for more := true; more; {
		var id string
		id, list, more = strings.Cut(list, ",")
		at, ok := v.index[id]
		if !ok {
			trimmed := strings.TrimSpace(id)
			if at, ok = v.index[trimmed]; !ok {
				return p.fault("the ballot names project %.50q, which the file does not have", trimmed)
			}
			p.warnToo("blanks around the commas of a list are dropped")
		}
		v.picks = append(v.picks, at)
	}
	return nil
}

// decimal is value * 10^-places, without trailing zeros after the point.
type decimal struct {
	value  int64
	places int
}

func (p *parser) readPoints(list string) error {
	v := &p.votes
	v.given = v.given[:0]
	if present(list) == "" {
		return nil
	}
	for more := true; more; {
		var text string
		text, list, more = strings.Cut(list, ",")
		trimmed := strings.TrimSpace(text)
		if trimmed != text {
			p.warnToo("blanks around the commas of a list are dropped")
		}
		n, err := parseNumeral(trimmed)
		d, ok := n.fixed()
		if err != nil || !ok {
			return p.fault("%.50q is not a number of points", trimmed)
		}
		if d.value < 0 && v.form == tally.Cumulative {
			return p.fault("points are negative: %s", trimmed)
		}
		v.given = append(v.given, d)
	}
	return nil
}

// align brings the points of this ballot and of all before to the same number
// of decimals.
func (p *parser) align() ([]int64, error) {
	v, f := &p.votes, p.file
	for _, d := range v.given {
		if d.places > f.PointDecimals {
			factor := pow10(d.places - f.PointDecimals)
			for i := range f.Votes {
				for k := range f.Votes[i].Points {
					scaled, ok := times(f.Votes[i].Points[k], factor)
					if !ok {
						return nil, p.fault("points with so many decimals are too large to be summed")
					}
					f.Votes[i].Points[k] = scaled
				}
			}
			for q := range v.score {
				v.score[q] *= factor
			}
			f.PointDecimals = d.places
		}
	}
	if len(v.given) == 0 {
		return nil, nil
	}
	if len(v.given) > cap(v.pointBlock)-len(v.pointBlock) {
		v.pointBlock = make([]int64, 0, max(1<<12, len(v.given)))
	}
	from := len(v.pointBlock)
	for _, d := range v.given {
		scaled, ok := times(d.value, pow10(f.PointDecimals-d.places))
		if !ok {
			return nil, p.fault("points with so many decimals are too large to be summed")
		}
		v.pointBlock = append(v.pointBlock, scaled)
	}
	return v.pointBlock[from:len(v.pointBlock):len(v.pointBlock)], nil
}

func times(a, b int64) (int64, bool) {
	if a > math.MaxInt64/b || a < -(math.MaxInt64/b) {
		return 0, false
	}
	return a * b, true
}

func pow10(n int) int64 {
	f := int64(1)
	for ; n > 0; n-- {
		f *= 10
	}
	return f
}

// keep copies into a block, so that a million ballots are not a million
// allocations. A ballot without picks keeps nil.
func keep(block *[]int32, values []int32) []int32 {
	if len(values) == 0 {
		return nil
	}
	if len(values) > cap(*block)-len(*block) {
		*block = make([]int32, 0, max(1<<14, len(values)))
	}
	from := len(*block)
	*block = append(*block, values...)
	return (*block)[from:len(*block):len(*block)]
}

// voterSet finds repeated voter ids. As long as each is greater than the one
// before, as numbers that count up are, none can be repeated. From the first on
// that is not, they go into a table: open addressing over indices of the votes,
// hashed by a seed that changes from process to process so that no file can be
// made slow to read.
type voterSet struct {
	voters int // how many may come
	seed   maphash.Seed
	table  []voterSlot // at least half as many again as voters; nil: all ascend
}

type voterSlot struct {
	hash  uint32
	index int32 // of the vote, + 1; 0 is free
}

func newVoterSet(voters int) voterSet { return voterSet{voters: voters} }

// ascends: the longer id is the greater one, of two of one length the later by
// bytes.
func ascends(before, after string) bool {
	return len(before) < len(after) || len(before) == len(after) && before < after
}

// add takes the voter of the vote that is about to be appended.
func (s *voterSet) add(votes []Vote, voter string) (first int, twice bool) {
	if s.table == nil {
		if len(votes) == 0 || ascends(votes[len(votes)-1].Voter, voter) {
			return 0, false
		}
		s.seed, s.table = maphash.MakeSeed(), make([]voterSlot, 1<<bits.Len(uint(s.voters+s.voters/2)))
		for i := range votes {
			s.insert(votes[:i], votes[i].Voter)
		}
	}
	return s.insert(votes, voter)
}

func (s *voterSet) insert(votes []Vote, voter string) (first int, twice bool) {
	hash := uint32(maphash.String(s.seed, voter))
	mask := uint32(len(s.table) - 1)
	at := hash & mask
	for ; s.table[at].index != 0; at = (at + 1) & mask {
		if s.table[at].hash == hash && votes[s.table[at].index-1].Voter == voter {
			return int(s.table[at].index - 1), true
		}
	}
	s.table[at] = voterSlot{hash, int32(len(votes) + 1)}
	return 0, false
}
