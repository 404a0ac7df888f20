package service

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"testing"
)

// TestMain lets the tests' program be osbu, as far as services run it: to
// decode a picture, and to serve in a process of its own.
func TestMain(m *testing.M) {
	if len(os.Args) != 2 {
		os.Exit(m.Run())
	}
	var err error
	switch os.Args[1] {
	case DecodeCommand:
		err = DecodePicture(os.Stdin, os.Stdout)
	case "serve":
		var s Settings
		if s, err = ReadSettings(os.Environ()); err == nil {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
			err = Serve(ctx, s)
			stop()
		}
	default:
		misbehave, ok := misbehaviours[os.Args[1]]
		if !ok {
			os.Exit(m.Run())
		}
		if err = confine(1); err == nil {
			err = misbehave()
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}
