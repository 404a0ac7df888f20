package gallery

import (
	"fmt"
	"testing"
)

// What was asked for last stays, and memory is bounded.
func TestKeptFiles(t *testing.T) {
	t.Parallel()
	var k keptFiles
	if k.get("a") != nil {
		t.Error("got a file that nobody put")
	}
	k.put("huge", make([]byte, largestKept+1))
	if k.get("huge") != nil {
		t.Error("got a huge file, want none kept")
	}
	const most = keptBytes / largestKept
	for i := range most {
		k.put(fmt.Sprint(i), make([]byte, largestKept))
	}
	k.put("0", []byte("twice")) // changes nothing
	if len(k.get("0")) != largestKept {
		t.Error("got another file, want the one that was put first")
	}
	k.put("one more", make([]byte, 1))
	if k.get("1") != nil || k.get("0") == nil || k.get("2") == nil || k.get("one more") == nil {
		t.Error("want the one gone that was asked for longest ago, and no other")
	}
	k.drop("2")
	k.drop("2")
	if k.get("2") != nil {
		t.Error("got a file that was dropped")
	}
	if k.size > keptBytes || k.order.Len() != len(k.byName) || len(k.byName) != most-1 {
		t.Errorf("%d bytes, %d files in order, %d by name", k.size, k.order.Len(), len(k.byName))
	}
}
