;; expect: component.feature.async
;;
;; Streams of the component model are asynchronous.
(component (type (stream u8)))
