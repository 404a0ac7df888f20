package handlers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"osbu/domain"
)

func unpacked(t *testing.T, packed []byte) string {
	t.Helper()
	r, err := newExports().unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// However many ask, an export is made once; one that fails is made again.
func TestExportsAreMadeOnce(t *testing.T) {
	e := newExports()
	var made atomic.Int32
	begun, release := make(chan struct{}), make(chan struct{})
	write := func(w io.Writer) error {
		if made.Add(1) == 1 {
			close(begun)
			<-release
		}
		_, err := io.WriteString(w, "all of it")
		return err
	}
	answers := make(chan string)
	ask := func() {
		packed, err := e.get(t.Context(), "k", write)
		if err != nil {
			t.Error(err)
		}
		answers <- string(packed)
	}
	go ask()
	<-begun
	for range 99 {
		go ask()
	}
	close(release)
	for range 100 {
		if got := unpacked(t, []byte(<-answers)); got != "all of it" {
			t.Errorf("got %q, want all of it", got)
		}
	}
	if n := made.Load(); n != 1 {
		t.Errorf("got it made %d times, want once", n)
	}
	broken := errors.New("the database is down")
	fail := func(io.Writer) error { return broken }
	if _, err := e.get(t.Context(), "other", fail); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	if _, err := e.get(t.Context(), "other", write); err != nil {
		t.Errorf("after a failure: got %v, want it made", err)
	}
}

// One is made at a time, who gives up waiting is told so, and one too many is
// told to come back.
func TestExportsAreMadeOneAtATime(t *testing.T) {
	e := newExports()
	begun, release := make(chan struct{}), make(chan struct{})
	done := make(chan error)
	go func() {
		_, err := e.get(t.Context(), "slow", func(io.Writer) error { close(begun); <-release; return nil })
		done <- err
	}()
	<-begun
	gone, give := context.WithCancel(t.Context())
	give()
	never := func(io.Writer) error { return nil }
	if _, err := e.get(gone, "next", never); domain.KindOf(err) != domain.Busy {
		t.Errorf("who gives up: got %v, want %s", err, domain.Busy)
	}
	for len(e.awaiting.places) < mostAwaiting {
		e.awaiting.places <- struct{}{}
	}
	if _, err := e.get(t.Context(), "third", never); domain.KindOf(err) != domain.Busy {
		t.Errorf("one too many: got %v, want %s", err, domain.Busy)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// What is kept is bounded: the oldest goes.
func TestExportsKeptAreBounded(t *testing.T) {
	e := newExports()
	for i := range 9 {
		e.keep(strconv.Itoa(i), make([]byte, mostExports/8))
	}
	e.keep("huge", make([]byte, mostExports+1))
	if e.bytes > mostExports || len(e.kept) != len(e.order) || e.find("huge") != nil {
		t.Errorf("got %d bytes of %d exports kept, want at most %d", e.bytes, len(e.kept), mostExports)
	}
	e.keep("next", make([]byte, 1))
	if e.find("0") != nil || e.find("next") == nil {
		t.Error("got the oldest kept, want the newest")
	}
}

// Of all that read an export unpacked, one has a piece unpacked at a time; who
// has not asked for her next piece holds up nobody.
func TestExportsAreUnpackedInTurn(t *testing.T) {
	e := newExports()
	packed, err := e.get(t.Context(), "k", func(w io.Writer) error {
		_, err := io.WriteString(w, "all of it")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slow, err := e.unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(slow, make([]byte, 3)); err != nil {
		t.Fatal(err)
	}
	quick, err := e.unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	e.unpacking <- struct{}{}
	read := make(chan string)
	go func() {
		all, err := io.ReadAll(quick)
		read <- fmt.Sprint(string(all), err)
	}()
	select {
	case got := <-read:
		t.Errorf("got %q while another piece was unpacked, want it to wait", got)
	case <-time.After(20 * time.Millisecond): // a wrong answer comes at once; none is right, however long
	}
	<-e.unpacking
	if got, want := <-read, "all of it<nil>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
