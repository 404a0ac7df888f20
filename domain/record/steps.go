package record

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"osbu/domain/round"
)

// stepsFile is the round's audit log, as far as the last step before the
// publication: of steps from the freeze on what was done and when, of all other
// entries a digest. Who acted and why is in neither: an account's number and
// free text are nobody's business but the city's, and salted digests keep them
// to themselves (round.Entry.Private).
const stepsFile = "log/steps.txt"

// longestStep bounds a line: a freeze of many papers has some thousand bytes.
const longestStep = 1 << 16

// entryOnly stands where a line has no step.
const entryOnly = "entry"

// stepLine is a line of the file, without who and why.
type stepLine struct {
	round.Entry          // of a step: Seq, At, Action, Details
	private     [32]byte // of a step
	body        [32]byte
	step        bool
}

func (l stepLine) String() string {
	if !l.step {
		return fmt.Sprintf("%d %s %x", l.Seq, entryOnly, l.body)
	}
	return fmt.Sprintf("%d %s %s %x %s", l.Seq, l.Action, l.At.UTC().Format(round.AuditTime), l.private, l.Details)
}

// parseStep reads a line exactly as String writes it.
func parseStep(id, line string) (stepLine, error) {
	words := strings.SplitN(line, " ", 5)
	var l stepLine
	var err error
	if l.Seq, err = strconv.ParseInt(words[0], 10, 64); err != nil {
		return l, fmt.Errorf("%.20q is no number of an entry", words[0])
	}
	l.Round = id
	switch {
	case len(words) == 3 && words[1] == entryOnly:
		l.body, err = hash32(words[2])
	case len(words) == 5 && slices.Contains(round.LoggedSteps, round.Step(words[1])):
		l.step, l.Action, l.Details = true, words[1], words[4]
		if l.At, err = time.Parse(round.AuditTime, words[2]); err != nil {
			return l, fmt.Errorf("%.40q is no time of a step", words[2])
		}
		if l.private, err = hash32(words[3]); err == nil {
			l.body = l.BodyWith(l.private)
		}
	default:
		err = fmt.Errorf("no line SEQ %s DIGEST or SEQ STEP TIME DIGEST DETAILS", entryOnly)
	}
	if err == nil && l.String() != line {
		err = fmt.Errorf("not written as a step is")
	}
	return l, err
}

func hash32(text string) (d [32]byte, err error) {
	if !isDigest(text) {
		return d, fmt.Errorf("%.70q is no SHA-256 in lower-case hexadecimal", text)
	}
	_, err = hex.Decode(d[:], []byte(text))
	return d, err
}

// readSteps writes the file from the office's audit log. A crash after it
// leaves nothing: the publication's transaction has not begun.
func readSteps(ctx context.Context, office round.Chained, id string) ([]byte, error) {
	var text bytes.Buffer
	end, frozen := 0, false
	err := office.Entries(ctx, id, func(e round.Entry) error {
		frozen = frozen || e.Action == string(round.Freeze)
		l := stepLine{Entry: e, private: e.Private(), body: e.Body()}
		l.step = frozen && slices.Contains(round.LoggedSteps, round.Step(e.Action))
		text.WriteString(l.String() + "\n")
		if l.step {
			end = text.Len()
		}
		return nil
	})
	return text.Bytes()[:end], err
}

// head is a step that a leaf vouches for, and the leaf's line.
type head struct {
	round.Head
	line int
}

// follow gives the steps that may come after one; after none, the first.
func follow(last round.Step) []round.Step {
	switch last {
	case "":
		return []round.Step{round.Freeze}
	case round.Freeze:
		return []round.Step{round.MoveTimes, round.Open}
	case round.MoveTimes:
		return []round.Step{round.MoveTimes, round.Open, round.Close}
	case round.Open:
		return []round.Step{round.MoveTimes, round.Close}
	case round.Close:
		return []round.Step{round.Count}
	case round.Count:
		return []round.Step{round.Confirm}
	case round.Confirm, round.Correct:
		return []round.Step{round.Correct}
	default:
		return nil
	}
}

// isEarly is whether a step stands before the close leaf.
func isEarly(s round.Step) bool {
	return s == round.Freeze || s == round.MoveTimes || s == round.Open
}

// vouched is nil if a step may stand here in the log.
func (v *verifying) vouched(h round.Head, line int, closed bool) error {
	last := round.Step("")
	if n := len(v.heads); n > 0 {
		last = v.heads[n-1].Step
	}
	opened := slices.ContainsFunc(v.heads, func(h head) bool { return h.Step == round.Open })
	switch {
	case isEarly(h.Step) == closed:
		return fault(leavesFile, line, "the step %s on the wrong side of the close", h.Step)
	case !slices.Contains(follow(last), h.Step) || h.Step == round.Open && opened || h.Step == round.Close && !opened:
		return fault(leavesFile, line, "the step %s does not follow %q", h.Step, last)
	}
	v.heads = append(v.heads, head{h, line})
	return nil
}

// steps recomputes the chain of the audit log and holds it against the leaves
// that vouch for it; and what the steps say against manifest and outcome.
func (v *verifying) steps() error {
	var previous [32]byte
	t := timeline{opens: v.Manifest.Opens, closes: v.Manifest.Closes}
	next, last, seq := 0, 0, int64(0)
	err := v.zip.lines(stepsFile, longestStep, func(n int, line []byte) error {
		l, err := parseStep(v.Manifest.Round, strings.TrimSuffix(string(line), "\n"))
		if err != nil {
			return fault(stepsFile, n, "%v", err)
		}
		last, seq = n, seq+1
		if l.Seq != seq {
			return fault(stepsFile, n, "entry %d after %d", l.Seq, seq-1)
		}
		previous = round.Link(l.body, previous)
		if !l.step {
			return nil
		}
		if next == len(v.heads) {
			return fault(stepsFile, n, "a step that no leaf of the log vouches for")
		}
		h := v.heads[next]
		if h.Step != round.Step(l.Action) || h.Hash != previous {
			return fault(stepsFile, n, "the leaf of line %d in %s vouches for another audit log", h.line, leavesFile)
		}
		next++
		if err := v.told(&t, l); err != nil {
			return fault(stepsFile, n, "%v", err)
		}
		v.Steps = append(v.Steps, Step{round.Step(l.Action), l.At})
		return nil
	})
	switch {
	case err != nil:
		return err
	case next < len(v.heads):
		return fault(leavesFile, v.heads[next].line, "the step is missing in %s", stepsFile)
	case next == 0 || !slices.Contains([]round.Step{round.Confirm, round.Correct}, v.heads[next-1].Step):
		return fault(stepsFile, last, "the last step is not confirm, nor a correction of it")
	case t.decision != v.Published.Decision:
		return fault(stepsFile, last, "the steps confirm by another decision than outcome.json names")
	}
	return nil
}

// timeline is what the steps say of a vote's times.
type timeline struct {
	opens, closes time.Time
	at            time.Time // of the last step
	decision      string    // that confirmed the result, as it was last corrected
}

// told is nil if a step says what the rest of the record says.
func (v *verifying) told(t *timeline, l stepLine) error {
	var said struct {
		Manifest, Decision string
		Changes            []struct {
			Field    string
			From, To any
		}
	}
	if err := json.Unmarshal([]byte(l.Details), &said); err != nil {
		return fmt.Errorf("what the step says is no JSON object")
	}
	if l.At.Before(t.at) {
		return fmt.Errorf("the step is earlier than the one before")
	}
	t.at = l.At
	for _, c := range said.Changes {
		var of *time.Time
		switch c.Field {
		case "voting.opens":
			of = &t.opens
		case "voting.closes":
			of = &t.closes
		default:
			continue
		}
		from, err := time.Parse(time.RFC3339Nano, fmt.Sprint(c.From))
		if err != nil || !from.Equal(*of) {
			return fmt.Errorf("%s was %s before the step, not %v", c.Field, of.UTC().Format(time.RFC3339Nano), c.From)
		}
		if *of, err = time.Parse(time.RFC3339Nano, fmt.Sprint(c.To)); err != nil {
			return fmt.Errorf("%s: %v is no time", c.Field, c.To)
		}
	}
	switch round.Step(l.Action) {
	case round.Freeze:
		text, err := v.Manifest.Encode()
		if err != nil {
			return err
		}
		if said.Manifest != digest(text) || said.Decision != v.Manifest.Decision {
			return fmt.Errorf("the step froze another manifest, or by another decision")
		}
	case round.Close:
		if l.At.Before(t.closes) {
			return fmt.Errorf("the vote was closed before %s, when it was to close", t.closes.UTC().Format(time.RFC3339Nano))
		}
	case round.Confirm:
		t.decision = said.Decision
	case round.Correct:
		return v.corrected(t, l)
	}
	return nil
}

// corrected is nil if a correction says what held before it, and why it holds
// no more.
func (v *verifying) corrected(t *timeline, l stepLine) error {
	c, err := correctionOf(l.Entry)
	switch {
	case err != nil:
		return err
	case c.Corrects != round.Confirm:
		return fmt.Errorf("the step corrects %q, not the confirmation", c.Corrects)
	case c.From != t.decision:
		return fmt.Errorf("the decision was %q before the step, not %q", t.decision, c.From)
	case c.Decision == "" || c.Decision == c.From || c.Reason == "":
		return fmt.Errorf("the step corrects nothing, or for no reason")
	}
	t.decision = c.Decision
	v.Corrections = append(v.Corrections, c)
	return nil
}
