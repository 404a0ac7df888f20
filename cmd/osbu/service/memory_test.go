package service

import (
	"runtime/debug"
	"testing"
	"testing/fstest"
)

func TestMemoryIsLimitedByWhatThereIs(t *testing.T) {
	t.Parallel()
	const gib = 1 << 30
	machine := &fstest.MapFile{Data: []byte("MemFree: 12 kB\nMemTotal:        8388608 kB\n")} // 8 GiB
	for name, c := range map[string]struct {
		files fstest.MapFS
		given string
		want  int64
	}{
		"nothing is told":       {nil, "", 0},
		"the machine":           {fstest.MapFS{"proc/meminfo": machine}, "", 4 * gib},
		"the operator has said": {fstest.MapFS{"proc/meminfo": machine}, "1GiB", 0},
		"a group, version 2": {fstest.MapFS{
			"proc/meminfo":     machine,
			"proc/self/cgroup": {Data: []byte("0::/city/osbu.service\n")},
			"sys/fs/cgroup/city/osbu.service/memory.max": {Data: []byte("max\n")},
			"sys/fs/cgroup/city/memory.max":              {Data: []byte("1073741824\n")},
		}, "", gib * 3 / 4},
		"in a container": {fstest.MapFS{
			"proc/meminfo":             machine,
			"proc/self/cgroup":         {Data: []byte("0::/\n")},
			"sys/fs/cgroup/memory.max": {Data: []byte("2147483648\n")},
		}, "", gib * 3 / 2},
		"a group without a limit": {fstest.MapFS{
			"proc/meminfo":             machine,
			"proc/self/cgroup":         {Data: []byte("0::/\n")},
			"sys/fs/cgroup/memory.max": {Data: []byte("max\n")},
		}, "", 4 * gib},
		"version 1": {fstest.MapFS{
			"proc/meminfo":     machine,
			"proc/self/cgroup": {Data: []byte("5:cpu,cpuacct:/x\n4:memory:/x\n")},
			"sys/fs/cgroup/memory/x/memory.limit_in_bytes": {Data: []byte("1073741824\n")},
			"sys/fs/cgroup/memory/memory.limit_in_bytes":   {Data: []byte("9223372036854771712\n")},
		}, "", gib * 3 / 4},
		"version 1 without a limit": {fstest.MapFS{
			"proc/meminfo":     machine,
			"proc/self/cgroup": {Data: []byte("4:memory:/\n")},
			"sys/fs/cgroup/memory/memory.limit_in_bytes": {Data: []byte("9223372036854771712\n")},
		}, "", 4 * gib},
	} {
		t.Run(name, func(t *testing.T) {
			before := debug.SetMemoryLimit(-1)
			defer debug.SetMemoryLimit(before)
			got := limitMemory(c.files, c.given)
			if set := debug.SetMemoryLimit(-1); got != c.want || got > 0 && set != got || got == 0 && set != before {
				t.Errorf("got %d, and Go's limit %d, want %d", got, set, c.want)
			}
		})
	}
}
