package service

import (
	"fmt"
	"io/fs"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
)

// limitMemory lets Go collect garbage more eagerly before the machine, or what
// it is allowed of it (cgroup v2 or v1), has no more: instead of growing to
// twice what is in use. It takes nothing from anybody: what is in use beyond
// the limit stays. GOMEMLIMIT, if given, is the operator's word. It gives the
// limit in bytes, 0 if it set none.
func limitMemory(root fs.FS, given string) int64 {
	if given != "" {
		return 0
	}
	most := memoryLimit(root)
	if most > 0 {
		debug.SetMemoryLimit(most)
	}
	return most
}

// Shares for Go of what there is: images are decoded in another process, and on
// a machine without a limit for us the database is likely to run, too.
const (
	shareOfGroup   = 0.75
	shareOfMachine = 0.5
)

// memoryLimit is Go's share of what our group, or else the machine, has; 0
// where neither is told.
func memoryLimit(root fs.FS) int64 {
	machine, group := machineMemory(root), groupMemory(root)
	if group > 0 && (machine == 0 || group < machine) { // version 1 says none by a huge number
		return int64(shareOfGroup * group)
	}
	return int64(shareOfMachine * machine)
}

// machineMemory reads MemTotal of proc_meminfo(5), in bytes.
func machineMemory(root fs.FS) (bytes float64) {
	text, err := fs.ReadFile(root, "proc/meminfo")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut("\n"+string(text), "\nMemTotal:")
	_, _ = fmt.Sscan(rest, &bytes)
	return bytes * 1024
}

// groupMemory is the least limit of this process's control group and those
// above it: memory.max of version 2, memory.limit_in_bytes of version 1.
func groupMemory(root fs.FS) (least float64) {
	groups, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(groups)) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, group, _ := strings.Cut(rest, ":")
		mount, file := "sys/fs/cgroup", "memory.max"
		switch {
		case controllers == "": // version 2
		case strings.Contains(","+controllers+",", ",memory,"):
			mount, file = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		default:
			continue
		}
		for at := path.Clean("/" + group); ; at = path.Dir(at) {
			text, err := fs.ReadFile(root, path.Join(mount, at, file))
			bytes, malformed := strconv.ParseFloat(strings.TrimSpace(string(text)), 64) // "max" is none
			if err == nil && malformed == nil && (least == 0 || bytes < least) {
				least = bytes
			}
			if at == "/" {
				break
			}
		}
	}
	return least
}
