"""What goes over HTTP: pydantic models of requests and answers, and the writing of domain views as JSON."""
