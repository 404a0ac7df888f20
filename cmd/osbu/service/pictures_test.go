package service

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/domain/picture"
	"osbu/domain/proposal"
	"osbu/domain/proposal/gallery"
	"osbu/sql/office"
)

// misbehaviours are what a decoder may do that is taken over, or that runs
// away. Each is the program of a process, see TestMain; one that succeeds ends
// without an answer.
var misbehaviours = map[string]func() error{
	"burn": func() error {
		for i := 0; ; i++ {
			runtime.KeepAlive(i)
		}
	},
	"swell": func() error {
		var all [][]byte
		for range 64 {
			all = append(all, make([]byte, 64<<20))
			for i := 0; i < len(all[0]); i += 4096 {
				all[len(all)-1][i] = 1
			}
		}
		return errors.New("4 GiB were to be had")
	},
	"open": func() error {
		if _, err := os.Open("/etc/passwd"); err == nil {
			return nil
		}
		return errors.New("nothing was to be opened")
	},
	"connect": func() error {
		if _, err := net.Dial("udp", "127.0.0.1:9"); err == nil {
			return nil
		}
		return errors.New("nothing was to be reached")
	},
	"write": func() error {
		if err := os.WriteFile("/tmp/osbu-decoder-was-here", []byte("x"), 0o600); err == nil {
			return nil
		}
		return errors.New("nothing was to be written")
	},
	"read the environment": func() error {
		for _, name := range []string{"OSBU_SEAL_ISSUERS", "OSBU_PEPPER", "OSBU_TEST_DATABASE_URL", "HOME", "PATH"} {
			if os.Getenv(name) != "" {
				return nil
			}
		}
		return errors.New("nothing was in the environment")
	},
	"talk": func() error {
		for range 1024 {
			if _, err := os.Stdout.Write(make([]byte, 1<<20)); err != nil {
				return err
			}
		}
		return nil
	},
}

// A decoder that runs away, takes memory, or tries to reach anything ends, and
// the picture is refused; the server goes on.
func TestDecodersAreConfined(t *testing.T) {
	for name := range misbehaviours {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := newPictures()
			if err != nil {
				t.Fatal(err)
			}
			p.command = name
			if _, err := p.Prepare(t.Context(), photo(t, 8, 8)); domain.CodeOf(err) != picture.CodeWork {
				t.Errorf("got %v, want %s", err, picture.CodeWork)
			}
		})
	}
}

// However its answer is copied, no more of it is kept than one may have.
func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	var answer bounded
	n, err := io.Copy(&answer, io.LimitReader(zeros{}, decodeAnswer+1))
	if err == nil || n > decodeAnswer || answer.buffer.Len() > decodeAnswer {
		t.Errorf("got %d bytes of %d, %v, want an error", answer.buffer.Len(), n, err)
	}
}

// What the process makes of a picture is what picture.Prepare makes of it.
func TestPicturesAreDecodedApart(t *testing.T) {
	t.Parallel()
	p, err := newPictures()
	if err != nil {
		t.Fatal(err)
	}
	data := photo(t, 2600, 130)
	want, err := picture.Prepare(data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Prepare(t.Context(), data)
	if err != nil || got.Width != want.Width || string(got.Full) != string(want.Full) ||
		string(got.Small) != string(want.Small) {
		t.Errorf("got %d × %d and %v, want %d × %d and the same bytes", got.Width, got.Height, err, want.Width, want.Height)
	}
	if _, err := p.Prepare(t.Context(), data[:len(data)/2]); domain.CodeOf(err) != picture.CodeBroken {
		t.Errorf("got %v, want %s", err, picture.CodeBroken)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Prepare(ended, data); domain.KindOf(err) != domain.Busy {
		t.Errorf("got %v, want %s", err, domain.Busy)
	}
	p.program = "/nowhere"
	if _, err := p.Prepare(t.Context(), data); domain.KindOf(err) != domain.Internal {
		t.Errorf("without the program: got %v, want %s", err, domain.Internal)
	}
}

// held is a decoder whose pictures take until release.
type held struct{ begun, release chan struct{} }

func (h held) Prepare(context.Context, []byte) (picture.Picture, error) {
	h.begun <- struct{}{}
	<-h.release
	return picture.Picture{}, domain.Fail(domain.Invalid, picture.CodeWork, "held")
}

// One person has one place in the queue: her second picture is turned away
// while the first is in hand, and somebody else's waits.
func TestOnePlaceInTheQueueEach(t *testing.T) {
	t.Parallel()
	w, _ := proposing(t)
	store := office.New(w.office.DB, w.settings.City.TimeZone)
	files, err := openFiles(w.settings)
	if err != nil {
		t.Fatal(err)
	}
	h := held{make(chan struct{}), make(chan struct{})}
	service := gallery.New(gallery.Config{
		Access: proposal.Access{Rounds: store, Store: store, TimeZone: w.settings.City.TimeZone},
		Store:  store, Files: files, Pictures: h, Rand: rand.Reader,
	})
	type author struct {
		actor domain.Actor
		id    int64
	}
	authors := make([]author, 2)
	for i := range authors {
		c := w.as(t, person{Name: []string{"Aino Asukas", "Eino Asukas"}[i]})
		path := c.draft(bench("Penkki"))
		session, err := w.accounts.Session(t.Context(), c.token)
		if err != nil {
			t.Fatal(err)
		}
		id, err := strconv.ParseInt(path[strings.LastIndex(path, "/")+1:], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		authors[i] = author{session.Actor, id}
	}
	answers := make(chan error, 4)
	add := func(a author) {
		_, err := service.Add(t.Context(), a.actor, "r", a.id, []byte("picture"))
		answers <- err
	}
	go add(authors[0])
	<-h.begun
	go add(authors[0])
	if err := <-answers; domain.KindOf(err) != domain.Busy {
		t.Errorf("her second: got %v, want %s", err, domain.Busy)
	}
	go add(authors[1])
	h.release <- struct{}{}
	<-h.begun // the other's turn
	h.release <- struct{}{}
	go add(authors[0])
	<-h.begun // hers again
	h.release <- struct{}{}
	for range 3 {
		if err := <-answers; domain.CodeOf(err) != picture.CodeWork {
			t.Errorf("got %v, want that of the decoder", err)
		}
	}
}
