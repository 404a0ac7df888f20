package pabulib

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// shared is the folder of real elections that is not part of the repository.
const shared = "../../../shared/data/pabulib"

// files returns the small files of testdata and, where they lie beside the
// checkout, all shared ones.
func files(tb testing.TB) []string {
	tb.Helper()
	names, err := filepath.Glob("testdata/*.pb")
	if err != nil || len(names) == 0 {
		tb.Fatalf("testdata has no .pb files: %v", err)
	}
	more, _ := filepath.Glob(shared + "/*.pb")
	if len(more) == 0 {
		tb.Logf("%s is not there: only testdata is read", shared)
	}
	return append(names, more...)
}

func read(tb testing.TB, name string) (string, *File) {
	tb.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	f, err := Read(bytes.NewReader(text))
	if err != nil {
		tb.Fatalf("%s:%v", name, err)
	}
	return string(text), f
}

func written(tb testing.TB, f *File) string {
	tb.Helper()
	var out bytes.Buffer
	if err := Write(&out, f); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

// same compares what Write keeps.
func same(a, b *File) bool {
	if a.PointDecimals != b.PointDecimals || !reflect.DeepEqual(a.Meta, b.Meta) ||
		!reflect.DeepEqual(a.ProjectColumns, b.ProjectColumns) || !reflect.DeepEqual(a.VoteColumns, b.VoteColumns) ||
		len(a.Projects) != len(b.Projects) || !reflect.DeepEqual(a.Votes, b.Votes) {
		return false
	}
	for i := range a.Projects {
		if a.Projects[i].ID != b.Projects[i].ID || a.Projects[i].Cost.Cmp(b.Projects[i].Cost) != 0 ||
			!reflect.DeepEqual(a.Projects[i].Extra, b.Projects[i].Extra) {
			return false
		}
	}
	return true
}

func TestRealFilesReadBackAsWritten(t *testing.T) {
	for _, name := range files(t) {
		_, f := read(t, name)
		text := written(t, f)
		again, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: written file refused: %v", name, err)
		}
		if !same(f, again) {
			t.Errorf("%s: what is written reads back as something else", name)
		}
		if twice := written(t, again); twice != text {
			t.Errorf("%s: a second writing gives other bytes", name)
		}
		for _, w := range f.Warnings {
			t.Logf("%s:%d: %s (%d times)", filepath.Base(name), w.Line, w.Text, w.Count)
		}
	}
}
