package decidim_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"osbu/domain/decidim"
)

// Who has opened an export in a spreadsheet, or packed it herself, has other
// line ends, a byte order mark and folders: it is the same export. A name that
// leads out of its folder leads nowhere, for nothing is unpacked to a disk.
func TestAnExportThatWasPackedAnew(t *testing.T) {
	t.Parallel()
	repack := func(dir, folder string, change func(string) string) decidim.Export {
		t.Helper()
		file := repacked(t, dir, folder, change)
		e, err := decidim.Read(file, file.Size(), decidim.Options{TimeZone: time.UTC})
		if err != nil {
			t.Fatalf("%s: %v", folder, err)
		}
		return e
	}
	same := func(s string) string { return s }
	for _, dir := range []string{"0.27", "0.30"} {
		want := repack(dir, "", same)
		if len(want.Rounds) == 0 {
			t.Fatalf("%s: no rounds", dir)
		}
		for name, got := range map[string]decidim.Export{
			"folders":                repack(dir, "export/open-data/", same),
			"out of the folder":      repack(dir, "../../../etc/", same),
			"from the root":          repack(dir, "/etc/", same),
			"byte order mark":        repack(dir, "", func(s string) string { return "\ufeff" + s }),
			"line ends of Windows":   repack(dir, "", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }),
			"empty lines at the end": repack(dir, "", func(s string) string { return s + "\n\n" }),
		} {
			if !reflect.DeepEqual(got.Rounds, want.Rounds) || len(got.Faults) != len(want.Faults) {
				t.Errorf("%s, %s: got %+v, want %+v", dir, name, got, want)
			}
		}
	}
}
