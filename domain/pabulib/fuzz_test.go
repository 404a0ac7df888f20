package pabulib

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// seeds are parts of real files, short enough for the fuzzer to get through
// many of them.
func seeds(f *testing.F) {
	names, err := filepath.Glob("testdata/*.pb")
	if err != nil || len(names) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		head, votes, _ := strings.Cut(string(text), "VOTES")
		f.Add(head + "VOTES" + strings.Join(strings.SplitAfterN(votes, "\n", 8)[:7], ""))
	}
	f.Add(election(cumulative, two, "voter_id;vote;points\na;1,2;2.5,1"))
	f.Add(
		election(
			"budget;5\nvote_type;ordinal\nmax_length;2",
			"project_id;cost;name\n1;1,5;\"a;\"\"b\"\n\"x;y\";2;\"open",
			"vote;voter_id\n1,x;v\n",
		),
	)
}

// FuzzParse: whatever is accepted can be counted, has as many ballots as lines,
// and reads back as written.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		findings := Check(text, someCodes)
		file, err := Parse(text)
		if err != nil {
			if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Error }) {
				t.Fatalf("refused (%v), and no error is found", err)
			}
			return
		}
		_, votes, _ := cutVotes(text)
		if lines := ballotLines(votes); lines != len(file.Votes) {
			t.Fatalf("%d ballots of %d lines", len(file.Votes), lines)
		}
		if in, err := file.Instance(); err == nil {
			_ = in.Validate()
		}
		var first bytes.Buffer
		if err := Write(&first, file); err != nil {
			t.Fatalf("accepted and not written: %v", err)
		}
		again, err := Parse(first.String())
		if err != nil {
			t.Fatalf("written and refused: %v\n%s", err, first.String())
		}
		if !same(file, again) {
			t.Fatalf("reads back as something else:\n%s", first.String())
		}
		var second bytes.Buffer
		if err := Write(&second, again); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatalf("a second writing gives other bytes: %v", err)
		}
	})
}

// cutVotes finds the section VOTES by its line.
func cutVotes(text string) (head, votes string, found bool) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if name, is := sectionName(strings.TrimSuffix(line, "\r")); is && name == "VOTES" {
			return strings.Join(lines[:i], "\n"), strings.Join(lines[i+1:], "\n"), true
		}
	}
	return text, "", false
}

// ballotLines counts the lines below the header that are not blank.
func ballotLines(votes string) int {
	n := -1
	for line := range strings.SplitSeq(votes, "\n") {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	return n
}

// FuzzSplit: the cells of a line, written and split again, are the same, and
// none of its text gets lost but quotes.
func FuzzSplit(f *testing.F) {
	for _, line := range []string{`a;b`, `"a;b";c`, `"say ""hi""";c`, `"a"b;c`, `"open;c`, `;;`, `"`} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\r\n") {
			return
		}
		cells, _ := splitLine(line, nil)
		if got, want := strings.ReplaceAll(strings.Join(cells, ";"), `"`, ""),
			strings.ReplaceAll(line, `"`, ""); got != want {
			t.Fatalf("%q splits into %q", line, cells)
		}
		var out bytes.Buffer
		if err := Write(&out, &File{
			Meta: []Entry{{"budget", "1"}, {"vote_type", "approval"}}, ProjectColumns: names(len(cells)),
			Projects: []Project{{ID: "1", Extra: cells}},
		}); err != nil {
			return // not UTF-8
		}
		back, err := Parse(out.String())
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if got := back.Projects[0].Extra; strings.Join(got, "\x00") != strings.Join(cells, "\x00") {
			t.Fatalf("%q reads back as %q", cells, got)
		}
	})
}

func names(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = "c" + strings.Repeat("x", i)
	}
	return list
}
