package service

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// requirements are those of levels 1 and 2 of OWASP ASVS 4.0.3: a section, and
// the numbers in it that stand and are not level 3's alone.
const requirements = `1.1 1-7 1.2 1-4 1.4 1,4-5 1.5 1-4 1.6 1-4 1.7 1-2 1.8 1-2 1.9 1-2 1.10 1 1.11 1-2 1.12 2
	1.14 1-6 2.1 1-12 2.2 1-3 2.3 1-3 2.4 1-5 2.5 1-7 2.6 1-3 2.7 1-6 2.8 1-7 2.9 1-3 2.10 1-4 3.1 1 3.2 1-4 3.3 1-4
	3.4 1-5 3.5 1-3 3.7 1 4.1 1-3,5 4.2 1-2 4.3 1-3 5.1 1-5 5.2 1-8 5.3 1-10 5.4 1-3 5.5 1-4 6.1 1-3 6.2 1-6 6.3 1-2
	6.4 1-2 7.1 1-4 7.2 1-2 7.3 1,3-4 7.4 1-3 8.1 1-4 8.2 1-3 8.3 1-8 9.1 1-3 9.2 1-4 10.2 1-2 10.3 1-3 11.1 1-8
	12.1 1-3 12.2 1 12.3 1-6 12.4 1-2 12.5 1-2 12.6 1 13.1 1,3-5 13.2 1-3,5-6 13.3 1-2 13.4 1-2 14.1 1-4 14.2 1-6
	14.3 2-3 14.4 1-7 14.5 1-4`

// spread gives each number of 1-3,5.
func spread(t *testing.T, ranges string) (numbers []int) {
	t.Helper()
	for part := range strings.SplitSeq(ranges, ",") {
		first, last, ok := strings.Cut(part, "-")
		if !ok {
			last = first
		}
		from, err := strconv.Atoi(first)
		if err != nil {
			t.Fatal(err)
		}
		to, err := strconv.Atoi(last)
		if err != nil {
			t.Fatal(err)
		}
		for n := from; n <= to; n++ {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// SECURITY.md walks every requirement once, and every test that it names is
// there.
func TestSecurityIsHeldByTestsThatExist(t *testing.T) {
	t.Parallel()
	top := filepath.Join("..", "..", "..")
	text, err := os.ReadFile(filepath.Join(top, ".github", "SECURITY.md"))
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for line := range strings.Lines(string(text)) {
		cell, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		if !ok || !strings.HasPrefix(line, "| ") || cell[0] < '0' || cell[0] > '9' {
			continue
		}
		for part := range strings.SplitSeq(cell, ", ") {
			first, last, _ := strings.Cut(part, "–")
			dot := strings.LastIndex(first, ".")
			ranges := first[dot+1:]
			if last != "" {
				ranges += "-" + last[strings.LastIndex(last, ".")+1:]
			}
			for _, n := range spread(t, ranges) {
				told[fmt.Sprint(first[:dot], ".", n)]++
			}
		}
	}
	wanted := strings.Fields(requirements)
	for i := 0; i < len(wanted); i += 2 {
		for _, n := range spread(t, wanted[i+1]) {
			id := fmt.Sprint(wanted[i], ".", n)
			if told[id] != 1 {
				t.Errorf("%s: got it told %d times, want once", id, told[id])
			}
			delete(told, id)
		}
	}
	for id := range told {
		t.Errorf("%s: got it told, which is no requirement of levels 1 and 2", id)
	}
	there := map[string]bool{}
	name := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	err = filepath.WalkDir(top, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (e.Name() == "frontend" || strings.HasPrefix(e.Name(), ".") && path != top) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		for _, found := range name.FindAllStringSubmatch(string(source), -1) {
			there[found[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	cited := regexp.MustCompile("`((?:Test|Fuzz|Benchmark)\\w+)`").FindAllStringSubmatch(string(text), -1)
	for _, one := range cited {
		if !there[one[1]] {
			t.Errorf("got %s cited, want a test that exists", one[1])
		}
	}
	if len(cited) < 100 {
		t.Errorf("got %d tests cited, want those of every chapter", len(cited))
	}
}
